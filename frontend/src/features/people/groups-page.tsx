import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useMay } from "@/api/session";
import { groupsQuery } from "@/api/studio";
import type { Group } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { Empty } from "@/ui/empty";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { GroupPanel } from "./components/group-panel";
import { NewGroup } from "./components/new-group";

/** People who are granted roles together. */
export function GroupsPage() {
  const words = useWords();
  const explain = useExplain();
  const mayManage = useMay("member.manage");
  const groups = useQuery(groupsQuery);
  const [isAdding, setIsAdding] = useState(false);
  const [opened, setOpened] = useState<string>();
  const columns: readonly Column<Group>[] = [
    {
      key: "name",
      title: words.say("people.column.name"),
      cell: (group) => (
        <Button size="small" tone="plain" onPress={() => { setOpened(group.id); }}>
          <Content>{group.name}</Content>
        </Button>
      ),
    },
    { key: "members", title: words.say("groups.column.members"), isNumber: true, cell: ({ members }) => <Content>{String(members)}</Content> },
    { key: "kept", title: words.say("groups.column.kept"), cell: ({ is_provisioned }) => words.say(is_provisioned ? "groups.kept.provisioning" : "groups.kept.hand") },
  ];
  const shown = groups.data?.find(({ id }) => id === opened);
  const add = mayManage && (
    <Button tone="main" icon="plus" onPress={() => { setIsAdding(true); }}>
      {words.say("groups.new")}
    </Button>
  );
  return (
    <Page title={words.say("settings.groups")} lead={words.say("groups.lead")} actions={add}>
      <Loaded query={groups} explain={explain}>
        {(known) =>
          known.length === 0 ? (
            <Empty title={words.say("groups.empty.title")} text={words.say("groups.empty.text")} />
          ) : (
            <Panel isFlush>
              <DataTable label={words.say("settings.groups")} rows={known} rowKey={({ id }) => id} columns={columns} />
            </Panel>
          )
        }
      </Loaded>
      {shown && <GroupPanel key={shown.id} group={shown} onClose={() => { setOpened(undefined); }} />}
      {isAdding && <NewGroup onClose={() => { setIsAdding(false); }} />}
    </Page>
  );
}
