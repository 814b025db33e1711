import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useSession } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Copied } from "@/ui/copied";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { NumberField } from "@/ui/number-field";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useIssue } from "../queries";

export function IssueDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const session = useSession();
  const [name, setName] = useState("");
  const [project, setProject] = useState("");
  const [days, setDays] = useState(30);
  const issue = useIssue();
  const options = [{ value: "", label: words.say("tokens.project.any") }, ...(session?.projects ?? []).map(({ id, name: label }) => ({ value: id, label }))];
  return (
    <Dialog title={words.say(issue.data ? "tokens.issued.title" : "tokens.new")} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      {issue.data ? (
        <Notice tone="wait" title={words.say("tokens.issued.text")}>
          <Copied value={issue.data.token} label={words.say("say.copy", { what: words.say("tokens.value") })} />
        </Notice>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            issue.mutate({ name: name.trim(), project: project === "" ? null : project, days });
          }}
        >
          <Stack>
            {issue.error && <Notice tone="bad">{explain(issue.error)}</Notice>}
            <TextField label={words.say("tokens.name")} value={name} onChange={setName} needsFocus />
            <Choice label={words.say("tokens.project")} value={project} options={options} onChange={setProject} />
            <NumberField label={words.say("tokens.days")} value={days} min={1} max={365} onChange={setDays} />
            <Button tone="main" type="submit" isBusy={issue.isPending} isOff={name.trim() === ""}>
              {words.say("tokens.issue")}
            </Button>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
