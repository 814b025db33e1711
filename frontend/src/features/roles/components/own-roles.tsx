import { useState } from "react";
import { ApiError } from "@/api/client";
import { useExplain } from "@/api/explain";
import { useMay } from "@/api/session";
import type { CustomRole, Roles } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { Empty } from "@/ui/empty";
import { IconButton } from "@/ui/icon-button";
import { Panel } from "@/ui/panel";
import { Row } from "@/ui/row";
import { useToast } from "@/ui/toasts";
import { useRemoveRole } from "../queries";
import { RoleDialog } from "./role-dialog";

/** The roles that the studio itself defined: changed, and removed, also from those who hold them. */
export function OwnRoles({ known }: { readonly known: Roles }) {
  const words = useWords();
  const mayDefine = useMay("role.define");
  const [changing, setChanging] = useState<CustomRole>();
  const [leaving, setLeaving] = useState<CustomRole>();
  const change: Column<CustomRole> = {
    key: "change",
    title: words.say("people.column.act"),
    cell: (role) => (
      <Row>
        <Button size="small" label={words.say("roles.change", { name: role.name })} onPress={() => { setChanging(role); }}>
          {words.say("roles.change.short")}
        </Button>
        <IconButton icon="trash" label={words.say("roles.remove", { name: role.name })} onPress={() => { setLeaving(role); }} />
      </Row>
    ),
  };
  const columns: readonly Column<CustomRole>[] = [
    { key: "name", title: words.say("people.column.name"), cell: ({ name }) => <Content>{name}</Content> },
    { key: "reach", title: words.say("roles.column.reach"), cell: ({ reach }) => words.say(`roles.reach.${reach}`) },
    { key: "permissions", title: words.say("roles.column.permissions"), cell: ({ permissions }) => <Content>{permissions.join(", ")}</Content> },
    ...(mayDefine ? [change] : []),
  ];
  return (
    <Panel title={words.say("roles.own")} isFlush={known.own.length > 0}>
      {known.own.length === 0 ? <Empty title={words.say("roles.own.empty.title")} text={words.say("roles.own.empty.text")} /> : <DataTable label={words.say("roles.own")} rows={known.own} rowKey={({ id }) => id} columns={columns} />}
      {changing && <RoleDialog known={known} role={changing} onClose={() => { setChanging(undefined); }} />}
      {leaving && <Removal role={leaving} onClose={() => { setLeaving(undefined); }} />}
    </Panel>
  );
}

/** Asks before a role goes, and once more, saying so, where that takes it from somebody. */
function Removal({ role, onClose }: { readonly role: CustomRole; readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const [isHeld, setIsHeld] = useState(false);
  const remove = useRemoveRole();
  const go = () => {
    remove.mutate(
      { custom: role.id, isForced: isHeld },
      {
        onSuccess: () => {
          toast(words.say("roles.removed"), "good");
          onClose();
        },
        onError: (error) => {
          if (error instanceof ApiError && error.problem.code === "role.in_use" && !isHeld) {
            setIsHeld(true);
            return;
          }
          toast(explain(error), "bad");
          onClose();
        },
      },
    );
  };
  const said = isHeld ? ({ title: "roles.remove.held.title", text: "roles.remove.held.text", go: "roles.remove.held.go" } as const) : ({ title: "roles.remove.title", text: "roles.remove.text", go: "roles.remove.go" } as const);
  return <Confirm title={words.say(said.title, { name: role.name })} text={words.say(said.text)} go={words.say(said.go)} isBusy={remove.isPending} onGo={go} onClose={onClose} />;
}
