import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { NumberField } from "@/ui/number-field";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useIssue } from "../queries";
import { Issued } from "./issued";

/** Issues a token for the directory; its value is shown once. */
export function NewToken({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const [name, setName] = useState("");
  const [days, setDays] = useState(366);
  const issue = useIssue();
  return (
    <Dialog title={words.say(issue.data ? "tokens.issued.title" : "tokens.new")} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      {issue.data ? (
        <Issued token={issue.data.token} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            issue.mutate({ name: name.trim(), days });
          }}
        >
          <Stack>
            {issue.error && <Notice tone="bad">{explain(issue.error)}</Notice>}
            <TextField label={words.say("provisioning.name")} hint={words.say("provisioning.name.hint")} value={name} onChange={setName} needsFocus isNeeded />
            <NumberField label={words.say("tokens.days")} value={days} min={1} max={366} onChange={setDays} />
            <Button tone="main" type="submit" isBusy={issue.isPending} isOff={name.trim() === ""}>
              {words.say("tokens.issue")}
            </Button>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
