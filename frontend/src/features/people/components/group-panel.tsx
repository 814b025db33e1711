import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useMay } from "@/api/session";
import { peopleQuery } from "@/api/studio";
import type { Group } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Content } from "@/ui/content";
import { IconButton } from "@/ui/icon-button";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { Row, Stack } from "@/ui/row";
import { SidePanel } from "@/ui/side-panel";
import { TextField } from "@/ui/text-field";
import { useGroupMembers, useJoin, useRemoveGroup, useRenameGroup } from "../queries";

/** Who is in a group; one that provisioning keeps is only shown. */
export function GroupPanel({ group, onClose }: { readonly group: Group; readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const mayManage = useMay("member.manage") && !group.is_provisioned;
  const members = useGroupMembers(group.id);
  const { join, leave } = useJoin(group.id);
  const dissolve = useRemoveGroup();
  const error = join.error ?? leave.error ?? dissolve.error;
  return (
    <SidePanel title={<Content>{group.name}</Content>} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <Stack>
        {group.is_provisioned && <Notice tone="news">{words.say("groups.provisioned")}</Notice>}
        {error && <Notice tone="bad">{explain(error)}</Notice>}
        {mayManage && <Renaming group={group} />}
        <Loaded query={members} explain={explain}>
          {(known) => (
            <Stack gap={2}>
              {known.length === 0 && <p>{words.say("groups.nobody")}</p>}
              {known.map(({ person, name }) => (
                <Row key={person} isSpread>
                  <Content>{name}</Content>
                  {mayManage && <IconButton icon="trash" label={words.say("groups.leave", { name })} onPress={() => { leave.mutate(person); }} />}
                </Row>
              ))}
            </Stack>
          )}
        </Loaded>
        {mayManage && <Joining known={members.data?.map(({ person }) => person) ?? []} isBusy={join.isPending} onJoin={(person) => { join.mutate(person); }} />}
        {mayManage && (
          <Row>
            <Button tone="danger" isBusy={dissolve.isPending} onPress={() => { dissolve.mutate(group.id, { onSuccess: onClose }); }}>
              {words.say("groups.dissolve")}
            </Button>
          </Row>
        )}
      </Stack>
    </SidePanel>
  );
}

function Renaming({ group }: { readonly group: Group }) {
  const words = useWords();
  const explain = useExplain();
  const [name, setName] = useState(group.name);
  const rename = useRenameGroup();
  const wanted = name.trim();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate({ group: group.id, name: wanted });
      }}
    >
      <Row>
        <TextField label={words.say("groups.name")} value={name} onChange={setName} error={rename.error ? explain(rename.error) : undefined} />
        <Button type="submit" isBusy={rename.isPending} isOff={wanted === "" || wanted === group.name}>
          {words.say("groups.rename")}
        </Button>
      </Row>
    </form>
  );
}

function Joining({ known, isBusy, onJoin }: { readonly known: readonly string[]; readonly isBusy: boolean; readonly onJoin: (person: string) => void }) {
  const words = useWords();
  const people = useQuery(peopleQuery);
  const [person, setPerson] = useState("");
  const others = (people.data ?? []).filter(({ id }) => !known.includes(id));
  return (
    <Row>
      <Choice label={words.say("groups.person")} value={person} options={[{ value: "", label: words.say("groups.choose") }, ...others.map(({ id, name }) => ({ value: id, label: name }))]} onChange={setPerson} />
      <Button isBusy={isBusy} isOff={person === ""} onPress={() => { onJoin(person); setPerson(""); }}>
        {words.say("groups.join")}
      </Button>
    </Row>
  );
}
