import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { peopleQuery } from "@/api/studio";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useAddService } from "../queries";

export function NewService({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const people = useQuery(peopleQuery).data ?? [];
  const [name, setName] = useState("");
  const [keeper, setKeeper] = useState("");
  const add = useAddService();
  return (
    <Dialog title={words.say("services.new")} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate({ name: name.trim(), keeper }, { onSuccess: onClose });
        }}
      >
        <Stack>
          {add.error && <Notice tone="bad">{explain(add.error)}</Notice>}
          <TextField label={words.say("services.name")} value={name} onChange={setName} needsFocus isNeeded />
          <Choice label={words.say("services.column.keeper")} hint={words.say("services.keeper_hint")} value={keeper} options={[{ value: "", label: words.say("groups.choose") }, ...people.map(({ id, name: label }) => ({ value: id, label }))]} onChange={setKeeper} />
          <Button tone="main" type="submit" isBusy={add.isPending} isOff={name.trim() === "" || keeper === ""}>
            {words.say("services.create")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
