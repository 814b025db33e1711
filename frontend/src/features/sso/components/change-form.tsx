import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { Provider, ProviderChanges } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { Row, Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useToast } from "@/ui/toasts";
import { useChangeProvider } from "../queries";
import { ClaimsFields } from "./claims-fields";

/** What an admin may change of a provider. Whose provider it is never changes: another issuer is another provider. */
export function ChangeForm({ provider }: { readonly provider: Provider }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const [name, setName] = useState(provider.name);
  const [client, setClient] = useState(provider.client_id);
  const [secret, setSecret] = useState("");
  const [claims, setClaims] = useState({ email_claim: provider.email_claim, name_claim: provider.name_claim, groups_claim: provider.groups_claim, is_joining: provider.is_joining });
  const change = useChangeProvider(provider.id);
  const isOidc = provider.protocol === "oidc";
  const asked: ProviderChanges = { name: name.trim(), ...claims, ...(isOidc ? { client_id: client.trim() } : {}), ...(secret === "" ? {} : { client_secret: secret }) };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate(asked, { onSuccess: () => { setSecret(""); toast(words.say("policy.saved"), "good"); } });
      }}
    >
      <Stack gap={3}>
        <h3>{words.say("sso.change.title")}</h3>
        {change.error && <Notice tone="bad">{explain(change.error)}</Notice>}
        <TextField label={words.say("sso.name")} value={name} onChange={setName} isNeeded />
        {isOidc && (
          <>
            <TextField label={words.say("sso.client_id")} value={client} onChange={setClient} autoComplete="off" />
            <TextField kind="password" label={words.say("sso.client_secret")} hint={words.say("sso.client_secret.keep")} value={secret} onChange={setSecret} autoComplete="off" />
          </>
        )}
        <ClaimsFields claims={claims} onChange={(part) => { setClaims((was) => ({ ...was, ...part })); }} />
        <Row>
          <Button type="submit" isBusy={change.isPending} isOff={name.trim() === "" || claims.email_claim.trim() === ""}>
            {words.say("say.save")}
          </Button>
        </Row>
      </Stack>
    </form>
  );
}
