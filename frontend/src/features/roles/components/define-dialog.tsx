import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { CustomRoleAsk, Roles } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Checks } from "@/ui/checks";
import { Choice } from "@/ui/choice";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useDefine } from "../queries";

const REACHES = ["project", "studio"] as const;

/** Defines a role over the closed list of permissions; the service refuses what never meets. */
export function DefineDialog({ known, onClose }: { readonly known: Roles; readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const [name, setName] = useState("");
  const [text, setText] = useState("");
  const [reach, setReach] = useState<CustomRoleAsk["reach"]>("project");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(["project.read"]));
  const define = useDefine();
  const held = new Set(known.builtin.filter((role) => role.reach === reach || (reach === "studio" && role.reach === "project")).flatMap(({ permissions }) => permissions));
  const offered = known.permissions.filter(({ permission }) => held.has(permission));
  return (
    <Dialog title={words.say("roles.define")} closeLabel={words.say("say.close")} isOpen onClose={onClose} size="large">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const permissions = offered.map(({ permission }) => permission).filter((permission) => chosen.has(permission));
          define.mutate({ name: name.trim(), text: text.trim(), reach, permissions }, { onSuccess: onClose });
        }}
      >
        <Stack>
          {define.error && <Notice tone="bad">{explain(define.error)}</Notice>}
          <TextField label={words.say("roles.name")} value={name} onChange={setName} needsFocus isNeeded />
          <TextField label={words.say("roles.text")} value={text} onChange={setText} />
          <Choice label={words.say("roles.column.reach")} value={reach} options={REACHES.map((one) => ({ value: one, label: words.say(`roles.reach.${one}`) }))} onChange={(value) => { setReach(value as CustomRoleAsk["reach"]); }} />
          <Checks label={words.say("roles.column.permissions")} options={offered.map(({ permission, text: label }) => ({ value: permission, label, isRaw: true }))} chosen={chosen} onChange={setChosen} />
          <Button tone="main" type="submit" isBusy={define.isPending} isOff={name.trim() === ""}>
            {words.say("roles.define.go")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
