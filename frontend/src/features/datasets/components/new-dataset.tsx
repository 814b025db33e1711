import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useCreateDataset } from "../queries";

interface Props {
  readonly project: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function NewDataset({ project, isOpen, onClose }: Props) {
  const words = useWords();
  const explain = useExplain();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const create = useCreateDataset(project);
  return (
    <Dialog title={words.say("datasets.new")} closeLabel={words.say("say.close")} isOpen={isOpen} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(name.trim(), { onSuccess: ({ id }) => void navigate({ to: "/projects/$project/datasets/$dataset", params: { project, dataset: id } }) });
        }}
      >
        <Stack>
          <TextField label={words.say("datasets.new.name")} value={name} onChange={setName} error={create.error ? explain(create.error) : undefined} needsFocus />
          <Button tone="main" type="submit" isBusy={create.isPending} isOff={name.trim() === ""}>
            {words.say("datasets.new.create")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
