import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { CustomRole, CustomRoleAsk, Roles } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Checks } from "@/ui/checks";
import { Choice } from "@/ui/choice";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useChangeRole, useDefine } from "../queries";

type Reach = CustomRoleAsk["reach"];
const REACHES = ["project", "studio"] as const;

/** Defines a role over the closed list of permissions, or changes one, whose place stays. The service refuses what never meets. */
export function RoleDialog({ known, role, onClose }: { readonly known: Roles; readonly role?: CustomRole; readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const [name, setName] = useState(role?.name ?? "");
  const [text, setText] = useState(role?.text ?? "");
  const [reach, setReach] = useState<Reach>(role?.reach ?? "project");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(role?.permissions ?? ["project.read"]));
  const define = useDefine();
  const change = useChangeRole();
  const error = define.error ?? change.error;
  const offered = offeredAt(known, reach, role);
  const permissions = offered.map(({ permission }) => permission).filter((permission) => chosen.has(permission));
  const save = () => {
    const said = { name: name.trim(), text: text.trim(), permissions };
    if (role) change.mutate({ custom: role.id, ...said }, { onSuccess: onClose });
    else define.mutate({ ...said, reach }, { onSuccess: onClose });
  };
  return (
    <Dialog title={role ? words.say("roles.change", { name: role.name }) : words.say("roles.define")} closeLabel={words.say("say.close")} isOpen onClose={onClose} size="large">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Stack>
          {error && <Notice tone="bad">{explain(error)}</Notice>}
          {role && <p>{words.say("roles.change.text")}</p>}
          <TextField label={words.say("roles.name")} value={name} onChange={setName} needsFocus isNeeded />
          <TextField label={words.say("roles.text")} value={text} onChange={setText} />
          {!role && <Choice label={words.say("roles.column.reach")} value={reach} options={REACHES.map((one) => ({ value: one, label: words.say(`roles.reach.${one}`) }))} onChange={(value) => { setReach(value as Reach); }} />}
          <Checks label={words.say("roles.column.permissions")} options={offered.map(({ permission, text: label }) => ({ value: permission, label, isRaw: true }))} chosen={chosen} onChange={setChosen} />
          <Button tone="main" type="submit" isBusy={define.isPending || change.isPending} isOff={name.trim() === "" || permissions.length === 0}>
            {words.say(role ? "roles.change.go" : "roles.define.go")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}

/** What a role at such a place can hold: what a built-in one there holds, and what this one holds already. */
function offeredAt(known: Roles, reach: Reach, role: CustomRole | undefined) {
  const there = known.builtin.filter((one) => one.reach === reach || (reach === "studio" && one.reach === "project"));
  const held = new Set([...there.flatMap(({ permissions }) => permissions), ...(role?.permissions ?? [])]);
  return known.permissions.filter(({ permission }) => held.has(permission));
}
