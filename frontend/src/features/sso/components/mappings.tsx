import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { groupsQuery, projectsQuery, rolesQuery } from "@/api/studio";
import type { Mapping } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Content } from "@/ui/content";
import { IconButton } from "@/ui/icon-button";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { Row, Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { givenAt, givenBy, mappingAsk } from "../mapping";
import { useAddMapping, useMappings, useRemoveMapping } from "../queries";

/** Which of the provider's groups give what; read at each sign-in. */
export function Mappings({ provider }: { readonly provider: string }) {
  const words = useWords();
  const explain = useExplain();
  const mappings = useMappings(provider);
  const [groups, projects, roles] = [useQuery(groupsQuery).data ?? [], useQuery(projectsQuery).data ?? [], useQuery(rolesQuery).data];
  const [claimed, setClaimed] = useState("");
  const [project, setProject] = useState("");
  const [given, setGiven] = useState("");
  const add = useAddMapping(provider);
  const remove = useRemoveMapping(provider);
  const error = add.error ?? remove.error;
  const choices = (at: string) => givenAt(roles, groups, at, (name) => words.say("sso.groups.member", { name }));
  const told = (mapping: Mapping) => {
    const at = mapping.project ?? "";
    const what = choices(at).find(({ value }) => value === givenBy(mapping))?.label ?? givenBy(mapping);
    const place = projects.find(({ id }) => id === at)?.name;
    return place === undefined ? what : words.say("sso.groups.in", { role: what, project: place });
  };
  return (
    <Stack gap={3}>
      <h3>{words.say("sso.groups.title")}</h3>
      <p>{words.say("sso.groups.text")}</p>
      {error && <Notice tone="bad">{explain(error)}</Notice>}
      <Loaded query={mappings} explain={explain} lines={1}>
        {(known) => (
          <Stack gap={2}>
            {known.length === 0 && <p>{words.say("sso.groups.none")}</p>}
            {known.map((mapping) => (
              <Row key={mapping.id} isSpread>
                <span translate="no">
                  <span className="mono">{mapping.claimed}</span> → <Content>{told(mapping)}</Content>
                </span>
                <IconButton icon="trash" label={words.say("sso.groups.remove", { name: mapping.claimed })} onPress={() => { remove.mutate(mapping.id); }} />
              </Row>
            ))}
          </Stack>
        )}
      </Loaded>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(mappingAsk(claimed, given, project), { onSuccess: () => { setClaimed(""); } });
        }}
      >
        <Stack gap={3}>
          <TextField label={words.say("sso.groups.claimed")} value={claimed} onChange={setClaimed} />
          <Row gap={3}>
            <Choice label={words.say("grants.where")} value={project} options={[{ value: "", label: words.say("grants.whole_studio") }, ...projects.map(({ id, name }) => ({ value: id, label: name }))]} onChange={(at) => { setProject(at); setGiven(""); }} />
            <Choice label={words.say("sso.groups.gives")} value={given} options={[{ value: "", label: words.say("groups.choose") }, ...choices(project)]} onChange={setGiven} />
          </Row>
          <Row>
            <Button type="submit" isBusy={add.isPending} isOff={claimed.trim() === "" || given === ""}>
              {words.say("sso.groups.add")}
            </Button>
          </Row>
        </Stack>
      </form>
    </Stack>
  );
}
