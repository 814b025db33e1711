import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { Row, Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useToast } from "@/ui/toasts";
import { useLink, useProviders } from "../person-queries";

interface Provider {
  readonly id: string;
  readonly name: string;
}

/** Links a provider's name for a person to her account. */
export function LinkIdentity({ person }: { readonly person: string }) {
  const words = useWords();
  const explain = useExplain();
  const providers = useProviders();
  return (
    <Loaded query={providers} explain={explain} lines={1}>
      {(known) => (known.length === 0 ? <p>{words.say("person.identities.none")}</p> : <Linking person={person} providers={known} />)}
    </Loaded>
  );
}

function Linking({ person, providers }: { readonly person: string; readonly providers: readonly Provider[] }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const [chosen, setChosen] = useState(providers[0]?.id ?? "");
  const [uid, setUid] = useState("");
  const link = useLink(person);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        link.mutate({ provider: chosen, uid: uid.trim() }, { onSuccess: () => { toast(words.say("person.identities.linked"), "good"); setUid(""); } });
      }}
    >
      <Stack gap={3}>
        {link.error && <Notice tone="bad">{explain(link.error)}</Notice>}
        <Choice label={words.say("person.identities.provider")} value={chosen} options={providers.map(({ id, name }) => ({ value: id, label: name }))} onChange={setChosen} />
        <TextField label={words.say("person.identities.uid")} value={uid} onChange={setUid} autoComplete="off" />
        <Row>
          <Button size="small" type="submit" isBusy={link.isPending} isOff={uid.trim() === ""}>
            {words.say("person.identities.link")}
          </Button>
        </Row>
      </Stack>
    </form>
  );
}
