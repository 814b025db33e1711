import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { membersQuery } from "@/api/reads";
import { useSession } from "@/api/session";
import { peopleQuery, projectsQuery, rolesQuery } from "@/api/studio";
import type { Permission } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Notice } from "@/ui/notice";
import { Panel } from "@/ui/panel";
import { Stack } from "@/ui/row";
import { useAskWhy } from "../queries";
import { Explained } from "./explained";
import styles from "./explain.module.css";

/** Asks "May she do this there?" of the service. In a project it asks of its own people alone. */
export function ExplainPanel({ project, person: first = "" }: { readonly project: string; readonly person?: string }) {
  const words = useWords();
  const explain = useExplain();
  const session = useSession();
  const everybody = useQuery({ ...peopleQuery, enabled: project === "" });
  const members = useQuery({ ...membersQuery(project), enabled: project !== "" });
  const roles = useQuery(rolesQuery);
  const all = useQuery({ ...projectsQuery, enabled: project === "" }).data ?? [];
  const [person, setPerson] = useState(first);
  const [permission, setPermission] = useState("");
  const [where, setWhere] = useState(project);
  const why = useAskWhy();
  const people = everybody.data ?? members.data ?? [];
  const permissions = roles.data?.permissions ?? [];
  const projects = new Map([...(session?.projects ?? []), ...all].map(({ id, name }) => [id, name]));
  const none = { value: "", label: words.say("groups.choose") };
  const failed = everybody.error ?? members.error ?? roles.error ?? why.error;
  const changed = (set: (value: string) => void) => (value: string) => {
    why.reset();
    set(value);
  };
  return (
    <Panel title={words.say("explain.title")}>
      <Stack>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            why.mutate({ person, permission: permission as Permission, ...(where === "" ? {} : { project: where }) });
          }}
        >
          <Choice label={words.say("explain.person")} value={person} options={[none, ...people.map(({ id, name }) => ({ value: id, label: name }))]} onChange={changed(setPerson)} />
          <Choice label={words.say("explain.permission")} value={permission} options={[none, ...permissions.map(({ permission: value, text }) => ({ value, label: text }))]} onChange={changed(setPermission)} />
          {project === "" && <Choice label={words.say("explain.where")} value={where} options={[{ value: "", label: words.say("grants.whole_studio") }, ...all.map(({ id, name }) => ({ value: id, label: name }))]} onChange={changed(setWhere)} />}
          <Button type="submit" isBusy={why.isPending} isOff={person === "" || permission === ""}>
            {words.say("explain.go")}
          </Button>
        </form>
        {failed && <Notice tone="bad">{explain(failed)}</Notice>}
        {why.data && <Explained why={why.data} name={people.find(({ id }) => id === person)?.name ?? ""} texts={new Map(permissions.map(({ permission: one, text }) => [one, text]))} projects={projects} />}
      </Stack>
    </Panel>
  );
}
