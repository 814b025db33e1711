import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useSession } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Dialog } from "@/ui/dialog";
import { FileField } from "@/ui/file-field";
import { Notice } from "@/ui/notice";
import { Row, Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { type Draft, EMPTY, isWhole, keep } from "../draft";
import { ourSide, slugOf } from "../our-side";
import { useTestNew } from "../queries";
import { ClaimsFields } from "./claims-fields";
import { OurValues } from "./our-values";

/** Describes a provider: what it needs of us, what we need of it. Nothing is saved; the test leads there and back. */
export function ProviderDialog({ known, onClose }: { readonly known?: Partial<Draft> | undefined; readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const [draft, setDraft] = useState<Draft>({ ...EMPTY, ...known });
  const change = (part: Partial<Draft>) => { setDraft((was) => ({ ...was, ...part })); };
  const begin = useTestNew();
  const home = useSession()?.tenant.url.replace(/\/$/, "") ?? "";
  const slug = slugOf(draft.name);
  const isOidc = draft.protocol === "oidc";
  const go = () => {
    begin.mutate({ ...draft, name: draft.name.trim(), slug }, { onSuccess: ({ test, url }) => { keep(test, draft); window.location.assign(url); } });
  };
  return (
    <Dialog title={words.say("sso.add")} closeLabel={words.say("say.close")} isOpen onClose={onClose} size="large">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <Stack>
          <TextField label={words.say("sso.name")} hint={words.say("sso.name.hint")} value={draft.name} onChange={(name) => { change({ name }); }} needsFocus isNeeded />
          <Choice
            label={words.say("sso.protocol")}
            value={draft.protocol}
            options={(["oidc", "saml"] as const).map((value) => ({ value, label: words.say(`sso.protocol.${value}`) }))}
            onChange={(value) => { change({ protocol: value === "saml" ? "saml" : "oidc" }); }}
          />
          {slug !== "" && (
            <>
              <p>{words.say("sso.ours.text")}</p>
              <OurValues ours={ourSide(home, draft.protocol, slug)} />
            </>
          )}
          <TextField label={words.say("sso.metadata_url")} hint={words.say(isOidc ? "sso.metadata_url.hint_oidc" : "sso.metadata_url.hint_saml")} value={draft.metadata_url} onChange={(metadata_url) => { change({ metadata_url }); }} />
          <FileField label={words.say("sso.metadata_file")} placeholder={words.say("sso.metadata_file.choose")} hint={words.say("sso.metadata_file.hint")} accept=".xml,.json,application/xml,application/json" onText={(metadata) => { change({ metadata }); }} />
          {isOidc && (
            <>
              <TextField label={words.say("sso.client_id")} value={draft.client_id} onChange={(client_id) => { change({ client_id }); }} autoComplete="off" />
              <TextField kind="password" label={words.say("sso.client_secret")} hint={words.say("sso.client_secret.hint")} value={draft.client_secret} onChange={(client_secret) => { change({ client_secret }); }} autoComplete="off" />
            </>
          )}
          <ClaimsFields claims={draft} onChange={change} />
          {begin.error && <Notice tone="bad">{explain(begin.error)}</Notice>}
          <p>{words.say("sso.test.text")}</p>
          <Row>
            <Button tone="main" type="submit" isBusy={begin.isPending} isOff={!isWhole(draft)}>
              {words.say("sso.test")}
            </Button>
            <Button onPress={onClose}>{words.say("say.cancel")}</Button>
          </Row>
        </Stack>
      </form>
    </Dialog>
  );
}
