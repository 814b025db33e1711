import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { Dataset, Model } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { TextArea } from "@/ui/text-area";
import { TextField } from "@/ui/text-field";
import { FIRST, MOST_SAMPLES, type StartForm as Form, configFor, isComplete, promptsIn, suggestedBy } from "../config";
import { useStart } from "../queries";
import { FineConfig } from "./fine-config";

interface Props {
  readonly project: string;
  /** The dataset that the address asks for. */
  readonly wanted: string | undefined;
  readonly datasets: readonly Dataset[];
  readonly bases: readonly Model[];
}

const options = (rows: readonly { readonly id: string; readonly name: string }[]) => rows.map(({ id, name }) => ({ value: id, label: name }));

/** What the person typed outranks what the base suggests, and that the defaults. */
export function StartForm({ project, wanted, datasets, bases }: Props) {
  const words = useWords();
  const explain = useExplain();
  const navigate = useNavigate();
  const start = useStart(project);
  const [typed, setTyped] = useState<Partial<Form>>({});
  const base = bases.find(({ id }) => id === typed.base) ?? bases[0];
  const dataset = datasets.find(({ id }) => id === (typed.dataset ?? wanted)) ?? datasets[0];
  const form: Form = { ...FIRST, samples: words.say("training.samples.first"), ...suggestedBy(base), ...typed, base: base?.id ?? "", dataset: dataset?.id ?? "" };
  const prompts = promptsIn(form.samples).length;
  const change = (part: Partial<Form>) => { setTyped((was) => ({ ...was, ...part })); };
  const send = () => {
    const body = { dataset: form.dataset, base: form.base, name: form.name.trim(), config: configFor(form) };
    start.mutate(body, { onSuccess: ({ id }) => void navigate({ to: "/projects/$project/training/$run", params: { project, run: id } }) });
  };
  return (
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
        <TextArea label={words.say("training.samples.prompts")} value={form.samples} rows={3} error={prompts > MOST_SAMPLES ? words.say("training.samples.too_many", { most: MOST_SAMPLES, count: prompts }) : undefined} onChange={(samples) => { change({ samples }); }} />
        <FineConfig form={form} onChange={change} />
        <Button tone="main" type="submit" icon="play" isBusy={start.isPending} isOff={!isComplete(form)}>
          {words.say("training.start")}
        </Button>
      </Stack>
    </form>
  );
}
