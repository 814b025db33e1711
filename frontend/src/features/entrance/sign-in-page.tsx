import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { get, prefix } from "@/api/client";
import { useExplain } from "@/api/explain";
import { sessionQuery } from "@/api/session";
import { type FactorKind, passkeyAsFactor, signInByCode } from "@/api/sign-in";
import { useWords } from "@/lib/words/context";
import { Notice } from "@/ui/notice";
import { Entrance } from "./entrance";
import { FactorForm } from "./factor-form";
import { ForgotForm } from "./forgot-form";
import { refused } from "./refused";
import { TextButton } from "./text-button";
import { WaysIn } from "./ways-in";
import styles from "./entrance.module.css";

type Step = { readonly is: "who" } | { readonly is: "forgot" } | { readonly is: "factor"; readonly kinds: readonly FactorKind[] };
const TITLES = { who: "entrance.sign_in.title", forgot: "entrance.forgot.title", factor: "entrance.factor.title" } as const;

/** Who, and then, where the account has one, a second factor. `why` is what ended or refused the session before. */
export function SignInPage({ why }: { readonly why?: Error | undefined }) {
  const words = useWords();
  const explain = useExplain();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [step, setStep] = useState<Step>({ is: "who" });
  const { pathname, code } = useLocation({ select: (at) => ({ pathname: at.pathname, code: (at.search as { readonly error?: unknown }).error }) });
  const slug = prefix().replace("/s/", "");
  const studio = useQuery({ queryKey: ["studio", slug], queryFn: () => get("/api/v1/studios", { query: { name: slug } }), enabled: slug !== "", retry: false });
  const told = refused(words, code) ?? (why && explain(why));
  const enter = async () => {
    if (/\/sign-in\/?$/.test(pathname)) await navigate({ to: "/", replace: true });
    await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
  return (
    <Entrance title={words.say(TITLES[step.is])} lead={<StudioName words={words} name={studio.data?.name ?? slug} />}>
      {step.is === "who" && told !== undefined && <Notice tone="bad">{told}</Notice>}
      {step.is === "who" && <WaysIn onFactor={(kinds) => { setStep({ is: "factor", kinds }); }} onForgot={() => { setStep({ is: "forgot" }); }} onIn={() => void enter()} />}
      {step.is === "forgot" && <ForgotForm />}
      {step.is === "factor" && <FactorForm kinds={step.kinds} showCode={signInByCode} showPasskey={passkeyAsFactor} onShown={() => void enter()} />}
      {step.is === "who" ? (
        <>
          <a className={styles.other} href="/">
            {words.say("entrance.other_studio")}
          </a>
          <Link className={styles.other} to="/leaked">
            {words.say("entrance.leaked")}
          </Link>
        </>
      ) : (
        <TextButton onPress={() => { setStep({ is: "who" }); }}>{words.say(step.is === "factor" ? "entrance.factor.back" : "entrance.back")}</TextButton>
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
