import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, get, prefix } from "@/api/client";
import { useExplain } from "@/api/explain";
import { sessionQuery, signIn } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { TextField } from "@/ui/text-field";
import { Entrance } from "./entrance";
import styles from "./entrance.module.css";

export function SignInPage() {
  const words = useWords();
  const explain = useExplain();
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const slug = prefix().replace("/s/", "");
  const studio = useQuery({ queryKey: ["studio", slug], queryFn: () => get("/api/v1/studios", { query: { name: slug } }), enabled: slug !== "", retry: false });
  const enter = useMutation({
    mutationFn: () => signIn(email, password),
    onSuccess: async (outcome) => {
      if (outcome === "in") await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  });
  const why = (error: Error) => (error instanceof ApiError && error.status === 400 ? (words.find(`problem.${error.problem.code}`) ?? words.say("entrance.wrong")) : explain(error));
  return (
    <Entrance title={words.say("entrance.sign_in.title")} lead={<StudioName words={words} name={studio.data?.name ?? slug} />}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate();
        }}
      >
        {enter.error && <Notice tone="bad">{why(enter.error)}</Notice>}
        {enter.data === "more" && <Notice tone="wait">{words.say("entrance.more_steps")}</Notice>}
        <TextField kind="email" label={words.say("entrance.email")} value={email} onChange={setEmail} autoComplete="username" needsFocus isNeeded />
        <TextField kind="password" label={words.say("entrance.password")} value={password} onChange={setPassword} autoComplete="current-password" isNeeded />
        <Button tone="main" type="submit" wide isBusy={enter.isPending}>
          {words.say("entrance.sign_in.go")}
        </Button>
      </form>
      <a className={styles.other} href="/">
        {words.say("entrance.other_studio")}
      </a>
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
