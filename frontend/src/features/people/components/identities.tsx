import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { Member } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Confirm } from "@/ui/confirm";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { Panel } from "@/ui/panel";
import { Row, Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useToast } from "@/ui/toasts";
import { useLink, useProviders, useUnlink } from "../person-queries";

interface Provider {
  readonly id: string;
  readonly name: string;
}

/** Links a provider's name for a person to her account, and unlinks it. */
export function Identities({ person }: { readonly person: Member }) {
  const words = useWords();
  const explain = useExplain();
  const providers = useProviders();
  return (
    <Panel title={words.say("person.identities")}>
      <Stack gap={3}>
        <p>{words.say("person.identities.text")}</p>
        <Loaded query={providers} explain={explain} lines={1}>
          {(known) => (known.length === 0 ? <p>{words.say("person.identities.none")}</p> : <Linking person={person} providers={known} />)}
        </Loaded>
      </Stack>
    </Panel>
  );
}

function Linking({ person, providers }: { readonly person: Member; readonly providers: readonly Provider[] }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const [chosen, setChosen] = useState(providers[0]?.id ?? "");
  const [uid, setUid] = useState("");
  const [leaving, setLeaving] = useState<Provider>();
  const link = useLink(person.id);
  const unlink = useUnlink(person.id);
  const error = link.error ?? unlink.error;
  const stop = () => { setLeaving(undefined); };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        link.mutate({ provider: chosen, uid: uid.trim() }, { onSuccess: () => { toast(words.say("person.identities.linked"), "good"); setUid(""); } });
      }}
    >
      <Stack gap={3}>
        {error && <Notice tone="bad">{explain(error)}</Notice>}
        <Choice label={words.say("person.identities.provider")} value={chosen} options={providers.map(({ id, name }) => ({ value: id, label: name }))} onChange={setChosen} />
        <TextField label={words.say("person.identities.uid")} value={uid} onChange={setUid} autoComplete="off" />
        <Row>
          <Button size="small" type="submit" isBusy={link.isPending} isOff={uid.trim() === ""}>
            {words.say("person.identities.link")}
          </Button>
          <Button size="small" tone="danger" onPress={() => { setLeaving(providers.find(({ id }) => id === chosen)); }}>
            {words.say("person.identities.unlink")}
          </Button>
        </Row>
      </Stack>
      {leaving && (
        <Confirm
          title={words.say("person.identities.unlink.title", { name: person.name, provider: leaving.name })}
          text={words.say("person.identities.unlink.text")}
          go={words.say("person.identities.unlink.go")}
          isBusy={unlink.isPending}
          onGo={() => { unlink.mutate(leaving.id, { onSuccess: () => { toast(words.say("person.identities.unlinked"), "good"); }, onSettled: stop }); }}
          onClose={stop}
        />
      )}
    </form>
  );
}
