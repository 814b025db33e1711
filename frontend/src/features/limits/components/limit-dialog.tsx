import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { modelsQuery } from "@/api/reads";
import { groupsQuery, peopleQuery } from "@/api/studio";
import type { Allowance } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { NumberField } from "@/ui/number-field";
import { Stack } from "@/ui/row";
import { type Draft, EMPTY, FEATURES, LISTS, draftOf, limitsOf } from "../draft";
import { useSetLimit } from "../queries";
import { ListLimit } from "./list-limit";

/** Sets what a person, a group or everybody may use of a project. */
export function LimitDialog({ project, allowance, onClose }: { readonly project: string; readonly allowance: Allowance | undefined; readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const people = useQuery(peopleQuery).data ?? [];
  const groups = useQuery(groupsQuery).data ?? [];
  const models = useQuery(modelsQuery(project)).data ?? [];
  const [holder, setHolder] = useState("");
  const [draft, setDraft] = useState<Draft>(allowance ? draftOf(allowance) : EMPTY);
  const set = useSetLimit(project);
  const change = (part: Partial<Draft>) => { setDraft((was) => ({ ...was, ...part })); };
  const named = (kind: "base" | "adapter") => models.filter((model) => model.kind === kind).map(({ id, name }) => ({ value: id, label: name, isRaw: true }));
  const options = { bases: named("base"), adapters: named("adapter"), features: FEATURES.map((one) => ({ value: one, label: words.say(`limits.feature.${one}`) })) };
  const holders = [
    { value: "", label: words.say("limits.everybody") },
    ...people.map(({ id, name }) => ({ value: `person:${id}`, label: name })),
    ...groups.map(({ id, name }) => ({ value: `group:${id}`, label: words.say("grants.group", { name }) })),
  ];
  const title = allowance ? words.say("limits.change.title", { name: allowance.name === "" ? words.say("limits.everybody") : allowance.name }) : words.say("limits.new");
  return (
    <Dialog title={title} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          set.mutate({ allowance: allowance?.id, holder, limits: limitsOf(draft) }, { onSuccess: onClose });
        }}
      >
        <Stack>
          {set.error && <Notice tone="bad">{explain(set.error)}</Notice>}
          {!allowance && <Choice label={words.say("limits.who")} value={holder} options={holders} onChange={setHolder} />}
          <NumberField label={words.say("limits.pictures")} hint={words.say("limits.empty_is_none")} value={draft.pictures} min={0} onChange={(pictures) => { change({ pictures }); }} onEmpty={() => { change({ pictures: undefined }); }} />
          <NumberField label={words.say("limits.device")} hint={words.say("limits.empty_is_none")} value={draft.seconds} min={0} onChange={(seconds) => { change({ seconds }); }} onEmpty={() => { change({ seconds: undefined }); }} />
          {LISTS.map((list) => (
            <ListLimit key={list} list={list} options={options[list]} chosen={draft[list]} onChange={(chosen) => { change({ [list]: chosen }); }} />
          ))}
          <Button tone="main" type="submit" isBusy={set.isPending}>
            {words.say("limits.go")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
