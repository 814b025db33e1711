import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useMay } from "@/api/session";
import { peopleQuery } from "@/api/studio";
import type { StudioPerson } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { useToast } from "@/ui/toasts";
import { AddDialog } from "./components/add-dialog";
import { PersonPanel } from "./components/person-panel";
import { useRestore, useSuspend } from "./queries";

/** Who belongs to the studio. */
export function PeoplePage() {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const mayManage = useMay("person.manage");
  const people = useQuery(peopleQuery);
  const [isAdding, setIsAdding] = useState(false);
  const [opened, setOpened] = useState<string>();
  const [leaving, setLeaving] = useState<StudioPerson>();
  const suspend = useSuspend();
  const restore = useRestore();
  const failed = (error: Error) => { toast(explain(error), "bad"); };
  const back = (person: StudioPerson) => { restore.mutate(person.id, { onSuccess: () => { toast(words.say("people.restored"), "good"); }, onError: failed }); };
  const shown = people.data?.find(({ id }) => id === opened);
  const columns: readonly Column<StudioPerson>[] = [
    {
      key: "name",
      title: words.say("people.column.name"),
      cell: ({ id, name }) => (
        <Button size="small" tone="plain" label={words.say("person.open", { name })} onPress={() => { setOpened(id); }}>
          <Content>{name}</Content>
        </Button>
      ),
    },
    { key: "roles", title: words.say("people.column.roles"), cell: ({ roles }) => <Content>{roles.map((role) => words.find(`role.${role}`) ?? role).join(", ")}</Content> },
    ...(mayManage
      ? [
          {
            key: "act",
            title: words.say("people.column.act"),
            cell: (person: StudioPerson) =>
              person.is_active ? (
                <Button size="small" tone="plain" label={words.say("people.suspend", { name: person.name })} onPress={() => { setLeaving(person); }}>
                  {words.say("people.suspend.short")}
                </Button>
              ) : (
                <Button size="small" label={words.say("people.restore", { name: person.name })} onPress={() => { back(person); }}>
                  {words.say("people.restore.short")}
                </Button>
              ),
          },
        ]
      : []),
  ];
  const go = (person: StudioPerson) => {
    suspend.mutate(person.id, { onSuccess: () => { toast(words.say("people.suspended"), "good"); }, onError: failed, onSettled: () => { setLeaving(undefined); } });
  };
  const add = mayManage && (
    <Button tone="main" icon="plus" onPress={() => { setIsAdding(true); }}>
      {words.say("people.add")}
    </Button>
  );
  return (
    <Page title={words.say("settings.people")} lead={words.say("people.lead")} actions={add}>
      <Loaded query={people} explain={explain}>
        {(known) => (
          <Panel isFlush>
            <DataTable label={words.say("settings.people")} rows={known} rowKey={({ id }) => id} columns={columns} />
          </Panel>
        )}
      </Loaded>
      {shown && <PersonPanel key={shown.id} person={shown} onSuspend={() => { setLeaving(shown); }} onRestore={() => { back(shown); }} onClose={() => { setOpened(undefined); }} />}
      {leaving && <Confirm title={words.say("people.suspend.title", { name: leaving.name })} text={words.say("people.suspend.text")} go={words.say("people.suspend.go")} isBusy={suspend.isPending} onGo={() => { go(leaving); }} onClose={() => { setLeaving(undefined); }} />}
      {isAdding && <AddDialog onClose={() => { setIsAdding(false); }} />}
    </Page>
  );
}
