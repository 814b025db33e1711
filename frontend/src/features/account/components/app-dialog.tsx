import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "@/api/client";
import { useExplain } from "@/api/explain";
import { newSeed, useAddApp } from "@/api/factors";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Copied } from "@/ui/copied";
import { Dialog } from "@/ui/dialog";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { QrCode } from "@/ui/qr-code";
import { Row, Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { Confirmed } from "./confirmed";

/** Adds an authenticator app: its seed, and the first code as proof that it was taken. */
export function AppDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  return (
    <Dialog title={words.say("account.app.add")} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <Confirmed>
        <Seeded onClose={onClose} />
      </Confirmed>
    </Dialog>
  );
}

function Seeded({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const [code, setCode] = useState("");
  const seed = useQuery({ queryKey: ["seed"], queryFn: newSeed, staleTime: Infinity, gcTime: 0 });
  const add = useAddApp();
  const finish = useMutation({ mutationFn: () => add.mutateAsync(code.replaceAll(/\s/g, "")), onSuccess: onClose });
  const why = (error: Error) => (error instanceof ApiError && error.status === 400 ? words.say("entrance.code.wrong") : explain(error));
  return (
    <Loaded query={seed} explain={explain}>
      {({ secret, totp_url: url }) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            finish.mutate();
          }}
        >
          <Stack>
            <p>{words.say("account.app.text")}</p>
            <Row gap={4}>
              <QrCode text={url} label={words.say("account.app.qr")} />
              <Copied value={secret} label={words.say("say.copy", { what: words.say("account.app.secret") })} />
            </Row>
            {finish.error && <Notice tone="bad">{why(finish.error)}</Notice>}
            <TextField label={words.say("entrance.code")} hint={words.say("entrance.code.hint")} value={code} onChange={setCode} autoComplete="one-time-code" isNeeded />
            <Button tone="main" type="submit" isBusy={finish.isPending} isOff={code.trim() === ""}>
              {words.say("account.app.go")}
            </Button>
          </Stack>
        </form>
      )}
    </Loaded>
  );
}
