import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { projectsQuery } from "@/api/studio";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { NumberField } from "@/ui/number-field";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useGive } from "./queries";

/** Lets support in: as an auditor of the studio or a viewer of one project, for hours, for a stated reason. */
export function GiveDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const projects = useQuery(projectsQuery).data ?? [];
  const [project, setProject] = useState("");
  const [hours, setHours] = useState(4);
  const [reason, setReason] = useState("");
  const give = useGive();
  const options = [{ value: "", label: words.say("support.auditor") }, ...projects.map(({ id, name }) => ({ value: id, label: words.say("support.viewer", { project: name }) }))];
  return (
    <Dialog title={words.say("support.give")} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          give.mutate({ role: project === "" ? "auditor" : "viewer", project: project === "" ? null : project, hours, reason: reason.trim() }, { onSuccess: onClose });
        }}
      >
        <Stack>
          {give.error && <Notice tone="bad">{explain(give.error)}</Notice>}
          <Choice label={words.say("support.as")} hint={words.say("support.as.hint")} value={project} options={options} onChange={setProject} />
          <NumberField label={words.say("support.hours")} value={hours} min={1} max={72} onChange={setHours} />
          <TextField label={words.say("support.reason")} hint={words.say("support.reason.hint")} value={reason} onChange={setReason} isNeeded />
          <Button tone="main" type="submit" isBusy={give.isPending} isOff={reason.trim() === ""}>
            {words.say("support.give")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
