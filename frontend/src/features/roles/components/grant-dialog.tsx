import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useIsPlatform } from "@/api/session";
import { groupsQuery, holdersQuery, projectsQuery, rolesQuery } from "@/api/studio";
import type { GrantAsk } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { type Draft, EMPTY, askOf, isWhole, rolesAt } from "../draft";
import { useGrant } from "../queries";

/** Gives a role to a person or a group, in a project or the whole studio, until a date or for good. */
export function GrantDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const isPlatform = useIsPlatform();
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [holders, groups, projects, roles] = [useQuery(holdersQuery).data ?? [], useQuery(groupsQuery).data ?? [], useQuery(projectsQuery).data ?? [], useQuery(rolesQuery).data];
  const grant = useGrant();
  const change = (part: Partial<Draft>) => { setDraft((was) => ({ ...was, ...part })); };
  const people = holders.filter(({ kind }) => kind === "person").map(({ id, name }) => ({ value: `person:${id}`, label: name }));
  // The platform's roles are given by name, to people alone.
  const shared = [
    ...holders.filter(({ kind }) => kind === "service").map(({ id, name }) => ({ value: `person:${id}`, label: words.say("grants.service", { name }) })),
    ...groups.map(({ id, name }) => ({ value: `group:${id}`, label: words.say("grants.group", { name }) })),
  ];
  const none = { value: "", label: words.say("groups.choose") };
  return (
    <Dialog title={words.say("grants.new")} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          grant.mutate(askOf(draft) as GrantAsk, { onSuccess: onClose });
        }}
      >
        <Stack>
          {grant.error && <Notice tone="bad">{explain(grant.error)}</Notice>}
          <Choice
            label={words.say("grants.holder")}
            value={draft.holder}
            options={[none, ...people, ...(isPlatform ? [] : shared)]}
            onChange={(holder) => { change({ holder }); }}
          />
          <Choice label={words.say("grants.where")} value={draft.project} options={[{ value: "", label: words.say(isPlatform ? "grants.whole_platform" : "grants.whole_studio") }, ...projects.map(({ id, name }) => ({ value: id, label: name }))]} onChange={(project) => { change({ project, role: "" }); }} />
          <Choice label={words.say("grants.role")} value={draft.role} options={[none, ...rolesAt(roles, draft.project, isPlatform)]} onChange={(role) => { change({ role }); }} />
          <TextField kind="date" label={words.say("grants.until")} hint={words.say("grants.until_hint")} value={draft.until} onChange={(until) => { change({ until }); }} />
          <Button tone="main" type="submit" isBusy={grant.isPending} isOff={!isWhole(draft)}>
            {words.say("grants.go")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
