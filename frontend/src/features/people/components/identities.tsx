import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useMay } from "@/api/session";
import type { LinkedIdentity, StudioPerson } from "@/api/types";
import { dateTime } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Content } from "@/ui/content";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { Panel } from "@/ui/panel";
import { Row, Stack } from "@/ui/row";
import { useToast } from "@/ui/toasts";
import { useIdentities, useUnlink } from "../person-queries";
import { LinkIdentity } from "./link-identity";

/** Which providers a person is linked to, each to unlink; and a form to link another, for who sets providers up. */
export function Identities({ person }: { readonly person: StudioPerson }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const mayConfigure = useMay("identity.configure");
  const linked = useIdentities(person.id);
  const unlink = useUnlink(person.id);
  const [leaving, setLeaving] = useState<LinkedIdentity>();
  const stop = () => { setLeaving(undefined); };
  const go = (provider: string) => {
    unlink.mutate(provider, { onSuccess: () => { toast(words.say("person.identities.unlinked"), "good"); }, onSettled: stop });
  };
  return (
    <Panel title={words.say("person.identities")}>
      <Stack gap={3}>
        <p>{words.say("person.identities.text")}</p>
        {unlink.error && <Notice tone="bad">{explain(unlink.error)}</Notice>}
        <Loaded query={linked} explain={explain} lines={1}>
          {(known) => (
            <Stack gap={2}>
              {known.length === 0 && <p>{words.say("person.identities.unknown")}</p>}
              {known.map((one) => (
                <Row key={`${one.provider} ${one.linked}`} isSpread>
                  <span>
                    <Content>{one.provider_name}</Content> {words.say("person.identities.since", { moment: dateTime(one.linked, words.locale) })}
                  </span>
                  <Button size="small" tone="danger" label={words.say("person.identities.unlink.from", { provider: one.provider_name })} onPress={() => { setLeaving(one); }}>
                    {words.say("person.identities.unlink")}
                  </Button>
                </Row>
              ))}
            </Stack>
          )}
        </Loaded>
        {mayConfigure && <LinkIdentity person={person.id} />}
      </Stack>
      {leaving && (
        <Confirm
          title={words.say("person.identities.unlink.title", { name: person.name, provider: leaving.provider_name })}
          text={words.say("person.identities.unlink.text")}
          go={words.say("person.identities.unlink.go")}
          isBusy={unlink.isPending}
          onGo={() => { go(leaving.provider); }}
          onClose={stop}
        />
      )}
    </Panel>
  );
}
