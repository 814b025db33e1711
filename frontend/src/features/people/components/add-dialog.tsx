import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useAddPerson } from "../queries";

/** Adds a person, who then sets a password by the link in a mail, or signs in by the studio's provider. */
export function AddDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const add = useAddPerson();
  return (
    <Dialog title={words.say("people.add")} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate({ name: name.trim(), email: email.trim() }, { onSuccess: onClose });
        }}
      >
        <Stack>
          {add.error && <Notice tone="bad">{explain(add.error)}</Notice>}
          <TextField label={words.say("people.name")} value={name} onChange={setName} needsFocus isNeeded />
          <TextField kind="email" label={words.say("entrance.email")} hint={words.say("people.email_hint")} value={email} onChange={setEmail} isNeeded />
          <Button tone="main" type="submit" isBusy={add.isPending} isOff={name.trim() === "" || email.trim() === ""}>
            {words.say("people.add")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
