import { useQuery } from "@tanstack/react-query";
import { useExplain } from "@/api/explain";
import { projectsQuery } from "@/api/studio";
import type { Grant } from "@/api/types";
import { dateTime } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { type Fact, Facts } from "@/ui/facts";
import { Loaded } from "@/ui/loaded";
import { Stack } from "@/ui/row";
import { useHeldRoles } from "../person-queries";

/** The roles that a person holds directly, where and until when. */
export function HeldRoles({ person }: { readonly person: string }) {
  const words = useWords();
  const explain = useExplain();
  const held = useHeldRoles(person);
  const projects = new Map((useQuery(projectsQuery).data ?? []).map(({ id, name }) => [id, name]));
  const factOf = ({ id, role, custom_name: own, project, expires }: Grant): Fact & { readonly key: string } => {
    const place = project === null ? words.say("grants.whole_studio") : (projects.get(project) ?? project);
    const until = expires === null ? words.say("explain.for_good") : words.say("services.until", { moment: dateTime(expires, words.locale) });
    return { key: id, name: role === "" ? own : (words.find(`role.${role}`) ?? role), isRaw: true, value: words.say("person.roles.held", { place, until }) };
  };
  return (
    <Loaded query={held} explain={explain} lines={1}>
      {(known) => (
        <Stack gap={2}>
          {known.length === 0 ? <p>{words.say("person.roles.none")}</p> : known.map(factOf).map((fact) => <Facts key={fact.key} facts={[fact]} />)}
          <small>{words.say("person.roles.groups")}</small>
        </Stack>
      )}
    </Loaded>
  );
}
