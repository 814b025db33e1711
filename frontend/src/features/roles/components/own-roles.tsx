import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useMay } from "@/api/session";
import type { CustomRole } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Confirm } from "@/ui/confirm";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { Empty } from "@/ui/empty";
import { IconButton } from "@/ui/icon-button";
import { Panel } from "@/ui/panel";
import { useToast } from "@/ui/toasts";
import { useRemoveRole } from "../queries";

/** The roles that the studio itself defined. */
export function OwnRoles({ roles }: { readonly roles: readonly CustomRole[] }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const mayDefine = useMay("role.define");
  const [leaving, setLeaving] = useState<CustomRole>();
  const remove = useRemoveRole();
  const columns: readonly Column<CustomRole>[] = [
    { key: "name", title: words.say("people.column.name"), cell: ({ name }) => <Content>{name}</Content> },
    { key: "reach", title: words.say("roles.column.reach"), cell: ({ reach }) => words.say(`roles.reach.${reach}`) },
    { key: "permissions", title: words.say("roles.column.permissions"), cell: ({ permissions }) => <Content>{permissions.join(", ")}</Content> },
    { key: "remove", title: words.say("roles.column.remove"), cell: (role) => mayDefine && <IconButton icon="trash" label={words.say("roles.remove", { name: role.name })} onPress={() => { setLeaving(role); }} /> },
  ];
  const go = (role: CustomRole) => {
    remove.mutate(role.id, { onSuccess: () => { toast(words.say("roles.removed"), "good"); }, onError: (error) => { toast(explain(error), "bad"); }, onSettled: () => { setLeaving(undefined); } });
  };
  return (
    <Panel title={words.say("roles.own")} isFlush={roles.length > 0}>
      {roles.length === 0 ? <Empty title={words.say("roles.own.empty.title")} text={words.say("roles.own.empty.text")} /> : <DataTable label={words.say("roles.own")} rows={roles} rowKey={({ id }) => id} columns={columns} />}
      {leaving && <Confirm title={words.say("roles.remove.title", { name: leaving.name })} text={words.say("roles.remove.text")} go={words.say("roles.remove.go")} isBusy={remove.isPending} onGo={() => { go(leaving); }} onClose={() => { setLeaving(undefined); }} />}
    </Panel>
  );
}
