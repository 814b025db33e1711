import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "@/api/client";
import { useExplain } from "@/api/explain";
import { knowsPasskeys } from "@/api/passkeys";
import { type FactorKind, signIn, signInByPasskey } from "@/api/sign-in";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";

/** E-mail and password, or a passkey alone; second to a provider where the studio has one. */
export function PasswordForm({ isSecond = false, onFactor, onIn }: { readonly isSecond?: boolean; readonly onFactor: (kinds: readonly FactorKind[]) => void; readonly onIn: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const enter = useMutation({
    mutationFn: () => signIn(email, password),
    onSuccess: (outcome) => {
      if (outcome.is === "in") onIn();
      if (outcome.is === "factor") onFactor(outcome.kinds);
    },
  });
  const byPasskey = useMutation({ mutationFn: signInByPasskey, onSuccess: (isShown) => { if (isShown) onIn(); } });
  const why = (error: Error) => (error instanceof ApiError && error.status === 400 ? (words.find(`problem.${error.problem.code}`) ?? words.say("entrance.wrong")) : explain(error));
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate();
        }}
      >
        {enter.error && <Notice tone="bad">{why(enter.error)}</Notice>}
        {enter.data?.is === "verify" && <Notice tone="wait" title={words.say("entrance.forgot.sent")}>{words.say("entrance.verify.sent")}</Notice>}
        {enter.data?.is === "more" && <Notice tone="wait">{words.say("entrance.more_steps")}</Notice>}
        <TextField kind="email" label={words.say("entrance.email")} value={email} onChange={setEmail} autoComplete="username webauthn" needsFocus={!isSecond} isNeeded />
        <TextField kind="password" label={words.say("entrance.password")} value={password} onChange={setPassword} autoComplete="current-password" isNeeded />
        <Button tone={isSecond ? "quiet" : "main"} type="submit" wide isBusy={enter.isPending}>
          {words.say("entrance.sign_in.go")}
        </Button>
      </form>
      {knowsPasskeys() && (
        <Stack>
          {byPasskey.error && <Notice tone="bad">{words.say("entrance.passkey.wrong")}</Notice>}
          {byPasskey.data === false && <Notice tone="wait">{words.say("entrance.passkey.not_shown")}</Notice>}
          <Button wide icon="tokens" isBusy={byPasskey.isPending} onPress={() => { byPasskey.mutate(); }}>
            {words.say("entrance.passkey.sign_in")}
          </Button>
        </Stack>
      )}
    </>
  );
}
