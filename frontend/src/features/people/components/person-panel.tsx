import { useMay } from "@/api/session";
import type { StudioPerson } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Content } from "@/ui/content";
import { LinkButton } from "@/ui/link-button";
import { Panel } from "@/ui/panel";
import { Row, Stack } from "@/ui/row";
import { SidePanel } from "@/ui/side-panel";
import { StateMark } from "@/ui/state-mark";
import { BreakGlass } from "./break-glass";
import { Devices } from "./devices";
import { Factors } from "./factors";
import { HeldRoles } from "./held-roles";
import { Identities } from "./identities";

interface Props {
  readonly person: StudioPerson;
  readonly onSuspend: () => void;
  readonly onRestore: () => void;
  readonly onClose: () => void;
}

/** One person: what she holds, where she is signed in, and how she signs in. */
export function PersonPanel({ person, onSuspend, onRestore, onClose }: Props) {
  const words = useWords();
  const mayManage = useMay("person.manage");
  const mayExplain = useMay("access.explain");
  const maySecure = useMay("security.configure");
  return (
    <SidePanel title={<Content>{person.name}</Content>} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <Stack>
        <Panel title={words.say("person.roles")}>
          <Stack gap={3}>
            <HeldRoles person={person.id} />
            {mayExplain && (
              <Row>
                <LinkButton to="/settings/grants" search={{ person: person.id }} size="small">
                  {words.say("person.explain", { name: person.name })}
                </LinkButton>
              </Row>
            )}
          </Stack>
        </Panel>
        {mayManage && <Devices person={person} />}
        {mayManage && <Factors person={person} />}
        {mayManage && <Identities person={person} />}
        {maySecure && <BreakGlass person={person} />}
        <Panel title={words.say("person.account")} beside={<StateMark tone={person.is_active ? "good" : "still"}>{words.say(person.is_active ? "person.active" : "person.suspended")}</StateMark>}>
          {mayManage && (
            <Row>
              {person.is_active ? (
                <Button tone="danger" onPress={onSuspend}>
                  {words.say("people.suspend.go")}
                </Button>
              ) : (
                <Button onPress={onRestore}>{words.say("people.restore.short")}</Button>
              )}
            </Row>
          )}
        </Panel>
      </Stack>
    </SidePanel>
  );
}
