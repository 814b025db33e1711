import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useSession } from "@/api/session";
import { rolesQuery } from "@/api/studio";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Dialog } from "@/ui/dialog";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { NumberField } from "@/ui/number-field";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useIssue } from "../queries";
import { offeredIn, scopeOf } from "../scope";
import { NewValue } from "./new-value";
import { ScopeChoice } from "./scope-choice";

export function IssueDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const issue = useIssue();
  return (
    <Dialog title={words.say(issue.data ? "tokens.issued.title" : "tokens.new")} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      {issue.data ? <NewValue token={issue.data.token} /> : <IssueForm issue={issue} />}
    </Dialog>
  );
}

const REACHES = ["all", "some"] as const;

function IssueForm({ issue }: { readonly issue: ReturnType<typeof useIssue> }) {
  const words = useWords();
  const explain = useExplain();
  const session = useSession();
  const roles = useQuery(rolesQuery);
  const [name, setName] = useState("");
  const [project, setProject] = useState("");
  const [days, setDays] = useState(30);
  const [reach, setReach] = useState("all");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const offered = offeredIn(session, project, roles.data?.permissions ?? []);
  const scope = reach === "all" ? [] : scopeOf(offered, chosen);
  const options = [{ value: "", label: words.say("tokens.project.any") }, ...(session?.projects ?? []).map(({ id, name: label }) => ({ value: id, label }))];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        issue.mutate({ name: name.trim(), project: project === "" ? null : project, days, scope });
      }}
    >
      <Stack>
        {issue.error && <Notice tone="bad">{explain(issue.error)}</Notice>}
        <TextField label={words.say("tokens.name")} value={name} onChange={setName} needsFocus />
        <Choice label={words.say("tokens.project")} value={project} options={options} onChange={setProject} />
        <NumberField label={words.say("tokens.days")} value={days} min={1} max={366} onChange={setDays} />
        <Choice label={words.say("tokens.scope")} value={reach} options={REACHES.map((one) => ({ value: one, label: words.say(`tokens.scope.${one}`) }))} onChange={setReach} />
        {reach === "some" && (
          <Loaded query={roles} explain={explain} lines={1}>
            {() => <ScopeChoice offered={offered} chosen={chosen} onChange={setChosen} />}
          </Loaded>
        )}
        <Button tone="main" type="submit" isBusy={issue.isPending} isOff={name.trim() === "" || (reach === "some" && scope.length === 0)}>
          {words.say("tokens.issue")}
        </Button>
      </Stack>
    </form>
  );
}
