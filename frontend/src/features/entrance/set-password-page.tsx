import { useMutation } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { setPassword } from "@/api/passwords";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { LinkButton } from "@/ui/link-button";
import { Notice } from "@/ui/notice";
import { TextField } from "@/ui/text-field";
import { Entrance } from "./entrance";

/** Where the link of a mail leads: a password is set by its key, once. */
export function SetPasswordPage() {
  const words = useWords();
  const explain = useExplain();
  const key = useLocation({ select: ({ hash }) => hash });
  const [password, setNew] = useState("");
  const set = useMutation({ mutationFn: () => setPassword(key, password) });
  return (
    <Entrance title={words.say("entrance.set.title")} lead={words.say("entrance.set.text")}>
      {set.isSuccess ? (
        <>
          <Notice tone="good">{words.say("entrance.set.done")}</Notice>
          <LinkButton to="/" tone="main">
            {words.say("entrance.sign_in.go")}
          </LinkButton>
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            set.mutate();
          }}
        >
          {key === "" && <Notice tone="bad">{words.say("entrance.link.broken")}</Notice>}
          {set.error && <Notice tone="bad">{explain(set.error)}</Notice>}
          <TextField kind="password" label={words.say("entrance.set.new")} hint={words.say("entrance.set.hint")} value={password} onChange={setNew} autoComplete="new-password" needsFocus isNeeded />
          <Button tone="main" type="submit" wide isBusy={set.isPending} isOff={password === "" || key === ""}>
            {words.say("entrance.set.go")}
          </Button>
        </form>
      )}
    </Entrance>
  );
}
