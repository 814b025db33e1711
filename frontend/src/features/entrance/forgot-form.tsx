import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { askForPassword } from "@/api/passwords";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { TextField } from "@/ui/text-field";

/** Asks for a link to set a new password; says the same whether somebody has the address or not. */
export function ForgotForm() {
  const words = useWords();
  const explain = useExplain();
  const [email, setEmail] = useState("");
  const ask = useMutation({ mutationFn: () => askForPassword(email.trim()) });
  if (ask.isSuccess) {
    return (
      <Notice tone="good" title={words.say("entrance.forgot.sent")}>
        {words.say("entrance.forgot.sent_text")}
      </Notice>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        ask.mutate();
      }}
    >
      {ask.error && <Notice tone="bad">{explain(ask.error)}</Notice>}
      <TextField kind="email" label={words.say("entrance.email")} hint={words.say("entrance.forgot.hint")} value={email} onChange={setEmail} autoComplete="username" needsFocus isNeeded />
      <Button tone="main" type="submit" wide isBusy={ask.isPending} isOff={email.trim() === ""}>
        {words.say("entrance.forgot.go")}
      </Button>
    </form>
  );
}
