import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useAddGroup } from "../queries";

export function NewGroup({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const [name, setName] = useState("");
  const add = useAddGroup();
  return (
    <Dialog title={words.say("groups.new")} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(name.trim(), { onSuccess: onClose });
        }}
      >
        <Stack>
          <TextField label={words.say("groups.name")} value={name} onChange={setName} error={add.error ? explain(add.error) : undefined} needsFocus isNeeded />
          <Button tone="main" type="submit" isBusy={add.isPending} isOff={name.trim() === ""}>
            {words.say("groups.create")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
