import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { StudioPerson } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Notice } from "@/ui/notice";
import { Panel } from "@/ui/panel";
import { Row, Stack } from "@/ui/row";
import { useToast } from "@/ui/toasts";
import { useRemoveFactors } from "../person-queries";

/** Takes all second factors of somebody who has lost them away. */
export function Factors({ person }: { readonly person: StudioPerson }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const removal = useRemoveFactors(person.id);
  const [isAsking, setIsAsking] = useState(false);
  const stop = () => { setIsAsking(false); };
  const go = () => { removal.mutate(undefined, { onSuccess: () => { toast(words.say("person.factors.removed"), "good"); }, onSettled: stop }); };
  return (
    <Panel title={words.say("person.factors")}>
      <Stack gap={3}>
        <p>{words.say("person.factors.text")}</p>
        {removal.error && <Notice tone="bad">{explain(removal.error)}</Notice>}
        <Row>
          <Button tone="danger" size="small" onPress={() => { setIsAsking(true); }}>
            {words.say("person.factors.remove")}
          </Button>
        </Row>
      </Stack>
      {isAsking && <Confirm title={words.say("person.factors.remove.title", { name: person.name })} text={words.say("person.factors.remove.text")} go={words.say("person.factors.remove.go")} isBusy={removal.isPending} onGo={go} onClose={stop} />}
    </Panel>
  );
}
