import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { StudioPerson } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Notice } from "@/ui/notice";
import { Panel } from "@/ui/panel";
import { Row, Stack } from "@/ui/row";
import { StateMark } from "@/ui/state-mark";
import { useToast } from "@/ui/toasts";
import { useBreakGlass } from "../person-queries";

const DONE = { name: "person.break_glass.named", dismiss: "person.break_glass.dismissed" } as const;
const TEXTS = { name: "person.break_glass.text", dismiss: "person.break_glass.dismiss.text" } as const;

/** Names an account that signs in when the provider is away, or dismisses one that is named. */
export function BreakGlass({ person }: { readonly person: StudioPerson }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const set = useBreakGlass(person.id);
  const [isAsking, setIsAsking] = useState(false);
  const deed = person.is_break_glass ? "dismiss" : "name";
  const stop = () => { setIsAsking(false); };
  const go = () => {
    set.mutate(deed === "name", { onSuccess: () => { toast(words.say(DONE[deed]), "good"); }, onSettled: stop });
  };
  return (
    <Panel title={words.say("person.break_glass")} beside={<StateMark tone={person.is_break_glass ? "wait" : "still"}>{words.say(person.is_break_glass ? "person.break_glass.yes" : "person.break_glass.no")}</StateMark>}>
      <Stack gap={3}>
        <p>{words.say("person.break_glass.text")}</p>
        {set.error && <Notice tone="bad">{explain(set.error)}</Notice>}
        <Row>
          <Button size="small" onPress={() => { setIsAsking(true); }}>
            {words.say(`person.break_glass.${deed}`)}
          </Button>
        </Row>
      </Stack>
      {isAsking && <Confirm title={words.say(`person.break_glass.${deed}.title`, { name: person.name })} text={words.say(TEXTS[deed])} go={words.say(`person.break_glass.${deed}`)} isBusy={set.isPending} onGo={go} onClose={stop} />}
    </Panel>
  );
}
