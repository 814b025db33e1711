import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { Member } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Notice } from "@/ui/notice";
import { Panel } from "@/ui/panel";
import { Row, Stack } from "@/ui/row";
import { useToast } from "@/ui/toasts";
import { useBreakGlass } from "../person-queries";

const DEEDS = ["name", "dismiss"] as const;
const DONE = { name: "person.break_glass.named", dismiss: "person.break_glass.dismissed" } as const;
const TEXTS = { name: "person.break_glass.text", dismiss: "person.break_glass.dismiss.text" } as const;

/** Names an account that signs in when the provider is away, and dismisses it. Both may be repeated, so both are always offered. */
export function BreakGlass({ person }: { readonly person: Member }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const set = useBreakGlass(person.id);
  const [asking, setAsking] = useState<(typeof DEEDS)[number]>();
  const stop = () => { setAsking(undefined); };
  const go = (deed: (typeof DEEDS)[number]) => {
    set.mutate(deed === "name", { onSuccess: () => { toast(words.say(DONE[deed]), "good"); }, onSettled: stop });
  };
  return (
    <Panel title={words.say("person.break_glass")}>
      <Stack gap={3}>
        <p>{words.say("person.break_glass.text")}</p>
        {set.error && <Notice tone="bad">{explain(set.error)}</Notice>}
        <Row>
          {DEEDS.map((deed) => (
            <Button key={deed} size="small" onPress={() => { setAsking(deed); }}>
              {words.say(`person.break_glass.${deed}`)}
            </Button>
          ))}
        </Row>
      </Stack>
      {asking && <Confirm title={words.say(`person.break_glass.${asking}.title`, { name: person.name })} text={words.say(TEXTS[asking])} go={words.say(`person.break_glass.${asking}`)} isBusy={set.isPending} onGo={() => { go(asking); }} onClose={stop} />}
    </Panel>
  );
}
