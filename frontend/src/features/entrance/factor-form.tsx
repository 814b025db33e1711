import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "@/api/client";
import { useExplain } from "@/api/explain";
import { knowsPasskeys } from "@/api/passkeys";
import type { FactorKind } from "@/api/sign-in";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";

interface Props {
  readonly kinds: readonly FactorKind[];
  readonly showCode: (code: string) => Promise<unknown>;
  /** False when the person did not want to. */
  readonly showPasskey: () => Promise<boolean>;
  readonly onShown: () => void;
}

/** Asks for a second factor: a code of the app, a recovery code where one counts, or a passkey. */
export function FactorForm({ kinds, showCode, showPasskey, onShown }: Props) {
  const words = useWords();
  const explain = useExplain();
  const [code, setCode] = useState("");
  const byCode = useMutation({ mutationFn: () => showCode(code.replaceAll(/\s/g, "")), onSuccess: onShown });
  const byPasskey = useMutation({ mutationFn: showPasskey, onSuccess: (isShown) => { if (isShown) onShown(); } });
  const error = byCode.error ?? byPasskey.error;
  const why = (refused: Error) => (refused instanceof ApiError && refused.status === 400 ? (words.find(`problem.${refused.problem.code}`) ?? words.say("entrance.code.wrong")) : explain(refused));
  const hasCode = kinds.includes("totp") || kinds.includes("recovery_codes");
  return (
    <Stack>
      {error && <Notice tone="bad">{why(error)}</Notice>}
      {byPasskey.data === false && <Notice tone="wait">{words.say("entrance.passkey.not_shown")}</Notice>}
      {hasCode && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            byCode.mutate();
          }}
        >
          <Stack>
            <TextField label={words.say("entrance.code")} hint={words.say(kinds.includes("recovery_codes") ? "entrance.code.hint_recovery" : "entrance.code.hint")} value={code} onChange={setCode} autoComplete="one-time-code" needsFocus isNeeded />
            <Button tone="main" type="submit" wide isBusy={byCode.isPending} isOff={code.trim() === ""}>
              {words.say("entrance.code.go")}
            </Button>
          </Stack>
        </form>
      )}
      {kinds.includes("webauthn") && knowsPasskeys() && (
        <Button tone={hasCode ? "plain" : "main"} wide icon="tokens" isBusy={byPasskey.isPending} onPress={() => { byPasskey.mutate(); }}>
          {words.say("entrance.passkey.go")}
        </Button>
      )}
    </Stack>
  );
}
