import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { StudioPerson } from "@/api/types";
import { ago } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Content } from "@/ui/content";
import { Loaded } from "@/ui/loaded";
import { Panel } from "@/ui/panel";
import { Row, Stack } from "@/ui/row";
import { useToast } from "@/ui/toasts";
import { useDevices, useEndSessions } from "../person-queries";

/** Where a person is signed in; all of it ends at once. */
export function Devices({ person }: { readonly person: StudioPerson }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const devices = useDevices(person.id);
  const end = useEndSessions(person.id);
  const [isAsking, setIsAsking] = useState(false);
  const stop = () => { setIsAsking(false); };
  const go = () => {
    end.mutate(undefined, { onSuccess: () => { toast(words.say("person.devices.ended"), "good"); }, onError: (error) => { toast(explain(error), "bad"); }, onSettled: stop });
  };
  return (
    <Panel title={words.say("person.devices")}>
      <Loaded query={devices} explain={explain} lines={1}>
        {(known) => (
          <Stack gap={3}>
            {known.length === 0 && <p>{words.say("person.devices.none")}</p>}
            {known.map(({ id, agent, address, seen }) => (
              <div key={id}>
                <div>{agent === "" ? words.say("person.device.unknown") : <Content>{agent}</Content>}</div>
                <small>{words.say("person.device.seen", { address: address ?? words.say("person.device.nowhere"), moment: ago(seen, words.locale) })}</small>
              </div>
            ))}
            {known.length > 0 && (
              <Row>
                <Button tone="danger" size="small" onPress={() => { setIsAsking(true); }}>
                  {words.say("person.devices.end")}
                </Button>
              </Row>
            )}
          </Stack>
        )}
      </Loaded>
      {isAsking && <Confirm title={words.say("person.devices.end.title", { name: person.name })} text={words.say("person.devices.end.text")} go={words.say("person.devices.end.go")} isBusy={end.isPending} onGo={go} onClose={stop} />}
    </Panel>
  );
}
