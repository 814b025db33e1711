import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useAddPasskey } from "@/api/factors";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { Confirmed } from "./confirmed";

/** Adds a passkey of this device or of a security key. */
export function PasskeyDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  return (
    <Dialog title={words.say("account.passkey.add")} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <Confirmed>
        <Named onClose={onClose} />
      </Confirmed>
    </Dialog>
  );
}

function Named({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const [name, setName] = useState("");
  const add = useAddPasskey();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate(name.trim(), { onSuccess: (isMade) => { if (isMade) onClose(); } });
      }}
    >
      <Stack>
        {add.error && <Notice tone="bad">{explain(add.error)}</Notice>}
        {add.data === false && <Notice tone="wait">{words.say("account.passkey.not_made")}</Notice>}
        <TextField label={words.say("account.passkey.name")} hint={words.say("account.passkey.name_hint")} value={name} onChange={setName} needsFocus isNeeded />
        <Button tone="main" type="submit" isBusy={add.isPending} isOff={name.trim() === ""}>
          {words.say("account.passkey.go")}
        </Button>
      </Stack>
    </form>
  );
}
