import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { Domain, Provider } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useClaim } from "../queries";

/** Claims a domain for one of the providers; it means nothing until it is proved. */
export function ClaimDialog({ providers, onClaimed, onClose }: { readonly providers: readonly Provider[]; readonly onClaimed: (made: Domain) => void; readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const [domain, setDomain] = useState("");
  const [provider, setProvider] = useState(providers[0]?.id ?? "");
  const claim = useClaim();
  return (
    <Dialog title={words.say("sso.domains.claim")} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          claim.mutate({ domain: domain.trim().toLowerCase(), provider: provider === "" ? null : provider }, { onSuccess: onClaimed });
        }}
      >
        <Stack>
          {claim.error && <Notice tone="bad">{explain(claim.error)}</Notice>}
          <TextField label={words.say("sso.domains.column.domain")} hint={words.say("sso.domains.hint")} value={domain} onChange={setDomain} needsFocus isNeeded />
          <Choice label={words.say("sso.domains.column.provider")} hint={words.say("sso.domains.provider_hint")} value={provider} options={[{ value: "", label: words.say("say.none") }, ...providers.map(({ id, name }) => ({ value: id, label: name }))]} onChange={setProvider} />
          <Button tone="main" type="submit" isBusy={claim.isPending} isOff={domain.trim() === ""}>
            {words.say("sso.domains.claim")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
