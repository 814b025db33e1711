import { useState } from "react";
import { useChangePassword } from "@/api/devices";
import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useToast } from "@/ui/toasts";

/** Changes one's password; all other sessions end. */
export function PasswordDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useChangePassword();
  return (
    <Dialog title={words.say("account.password.change")} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ current, next }, { onSuccess: () => { toast(words.say("account.password.changed"), "good"); onClose(); } });
        }}
      >
        <Stack>
          {change.error && <Notice tone="bad">{explain(change.error)}</Notice>}
          <TextField kind="password" label={words.say("account.password.current")} value={current} onChange={setCurrent} autoComplete="current-password" needsFocus isNeeded />
          <TextField kind="password" label={words.say("entrance.set.new")} hint={words.say("entrance.set.hint")} value={next} onChange={setNext} autoComplete="new-password" isNeeded />
          <Button tone="main" type="submit" isBusy={change.isPending} isOff={current === "" || next === ""}>
            {words.say("account.password.change")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
