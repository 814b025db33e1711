import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, prefix } from "@/api/client";
import { sessionQuery } from "@/api/session";
import { type FactorKind, passkeyAsFactor, signInByCode } from "@/api/sign-in";
import { useWords } from "@/lib/words/context";
import { Entrance } from "./entrance";
import { FactorForm } from "./factor-form";
import { PasswordForm } from "./password-form";
import styles from "./entrance.module.css";

/** Who, and then, where the account has one, a second factor. */
export function SignInPage() {
  const words = useWords();
  const client = useQueryClient();
  const [kinds, setKinds] = useState<readonly FactorKind[]>();
  const slug = prefix().replace("/s/", "");
  const studio = useQuery({ queryKey: ["studio", slug], queryFn: () => get("/api/v1/studios", { query: { name: slug } }), enabled: slug !== "", retry: false });
  const enter = () => void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  return (
    <Entrance title={words.say(kinds ? "entrance.factor.title" : "entrance.sign_in.title")} lead={<StudioName words={words} name={studio.data?.name ?? slug} />}>
      {kinds ? <FactorForm kinds={kinds} showCode={signInByCode} showPasskey={passkeyAsFactor} onShown={enter} /> : <PasswordForm onFactor={setKinds} onIn={enter} />}
      {kinds ? (
        <button type="button" className={styles.other} onClick={() => { setKinds(undefined); }}>
          {words.say("entrance.factor.back")}
        </button>
      ) : (
        <a className={styles.other} href="/">
          {words.say("entrance.other_studio")}
        </a>
      )}
    </Entrance>
  );
}

function StudioName({ words, name }: { readonly words: ReturnType<typeof useWords>; readonly name: string }) {
  const [before, after] = words.say("entrance.sign_in.to", { studio: "\u0000" }).split("\u0000");
  return (
    <>
      {before}
      <strong translate="no">{name}</strong>
      {after}
    </>
  );
}
