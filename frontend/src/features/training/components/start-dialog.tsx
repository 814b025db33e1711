import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { datasetsQuery, modelsQuery } from "@/api/reads";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { TextArea } from "@/ui/text-area";
import { TextField } from "@/ui/text-field";
import { FIRST, type StartForm, configFor, isComplete } from "../config";
import { useStart } from "../queries";
import { FineConfig } from "./fine-config";

interface Props {
  readonly project: string;
  readonly dataset: string | undefined;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function StartDialog({ project, dataset, isOpen, onClose }: Props) {
  const words = useWords();
  const explain = useExplain();
  const navigate = useNavigate();
  const datasets = useQuery(datasetsQuery(project)).data?.filter(({ state }) => state === "frozen") ?? [];
  const bases = useQuery(modelsQuery(project)).data?.filter(({ kind, state }) => kind === "base" && state === "approved") ?? [];
  const [typed, setTyped] = useState<StartForm>(() => ({ ...FIRST, samples: words.say("training.samples.first") }));
  const start = useStart(project);
  const form = { ...typed, dataset: typed.dataset || dataset || (datasets[0]?.id ?? ""), base: typed.base || (bases[0]?.id ?? "") };
  const change = (part: Partial<StartForm>) => { setTyped({ ...form, ...part }); };
  const send = () => {
    const body = { dataset: form.dataset, base: form.base, name: form.name.trim(), config: configFor(form) };
    start.mutate(body, { onSuccess: ({ id }) => void navigate({ to: "/projects/$project/training/$run", params: { project, run: id } }) });
  };
  const options = (rows: readonly { readonly id: string; readonly name: string }[]) => rows.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Dialog title={words.say("training.new.title")} closeLabel={words.say("say.close")} isOpen={isOpen} onClose={onClose}>
      {datasets.length === 0 ? (
        <Notice tone="wait">{words.say("training.no_frozen")}</Notice>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <Stack>
            {start.error && <Notice tone="bad">{explain(start.error)}</Notice>}
            <TextField label={words.say("training.name")} value={form.name} onChange={(name) => { change({ name }); }} needsFocus />
            <Choice label={words.say("training.dataset")} value={form.dataset} options={options(datasets)} onChange={(value) => { change({ dataset: value }); }} />
            <Choice label={words.say("training.base")} value={form.base} options={options(bases)} onChange={(value) => { change({ base: value }); }} />
            <TextField label={words.say("training.trigger")} hint={words.say("training.trigger.hint")} value={form.trigger} onChange={(trigger) => { change({ trigger }); }} />
            <TextArea label={words.say("training.samples.prompts")} value={form.samples} rows={3} onChange={(samples) => { change({ samples }); }} />
            <FineConfig form={form} onChange={change} />
            <Button tone="main" type="submit" icon="play" isBusy={start.isPending} isOff={!isComplete(form)}>
              {words.say("training.start")}
            </Button>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
