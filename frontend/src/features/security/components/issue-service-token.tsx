import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { projectsQuery, rolesQuery } from "@/api/studio";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Checks } from "@/ui/checks";
import { Choice } from "@/ui/choice";
import { Copied } from "@/ui/copied";
import { Notice } from "@/ui/notice";
import { NumberField } from "@/ui/number-field";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useIssueServiceToken } from "../queries";

/** Issues a token that names what it may; its value is shown once. */
export function IssueServiceToken({ service }: { readonly service: string }) {
  const words = useWords();
  const explain = useExplain();
  const projects = useQuery(projectsQuery).data ?? [];
  const roles = useQuery(rolesQuery).data;
  const [name, setName] = useState("");
  const [project, setProject] = useState("");
  const [days, setDays] = useState(90);
  const [scope, setScope] = useState<ReadonlySet<string>>(new Set());
  const issue = useIssueServiceToken(service);
  const held = new Set((roles?.builtin ?? []).filter(({ reach }) => reach === "project").flatMap(({ permissions }) => permissions));
  const offered = (roles?.permissions ?? []).filter(({ permission }) => held.has(permission) && permission !== "token.issue");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        issue.mutate({ name: name.trim(), project: project === "" ? null : project, days, scope: offered.map(({ permission }) => permission).filter((one) => scope.has(one)) });
      }}
    >
      <Stack>
        {issue.error && <Notice tone="bad">{explain(issue.error)}</Notice>}
        {issue.data && (
          <Notice tone="wait" title={words.say("tokens.issued.text")}>
            <Copied value={issue.data.token} label={words.say("say.copy", { what: words.say("tokens.value") })} />
          </Notice>
        )}
        <TextField label={words.say("tokens.name")} value={name} onChange={setName} />
        <Choice label={words.say("tokens.project")} value={project} options={[{ value: "", label: words.say("services.all_projects") }, ...projects.map(({ id, name: label }) => ({ value: id, label }))]} onChange={setProject} />
        <NumberField label={words.say("tokens.days")} value={days} min={1} max={366} onChange={setDays} />
        <Checks label={words.say("services.scope")} options={offered.map(({ permission, text }) => ({ value: permission, label: text, isRaw: true }))} chosen={scope} onChange={setScope} />
        <Button type="submit" isBusy={issue.isPending} isOff={name.trim() === "" || scope.size === 0}>
          {words.say("tokens.issue")}
        </Button>
      </Stack>
    </form>
  );
}
