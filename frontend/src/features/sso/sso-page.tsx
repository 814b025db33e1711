import { useLocation, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/empty";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { DomainsPanel } from "./components/domains-panel";
import { ProviderDialog } from "./components/provider-dialog";
import { ProviderPanel } from "./components/provider-panel";
import { ProviderTable } from "./components/provider-table";
import { ReceivedDialog } from "./components/received-dialog";
import { type Kept, keptFor } from "./draft";
import { useProviders } from "./queries";

/** The studio's identity providers and the domains that lead to them; a test comes back here, named in the address. */
export function SsoPage() {
  const words = useWords();
  const explain = useExplain();
  const navigate = useNavigate();
  const providers = useProviders();
  const asked = useLocation({ select: ({ search }) => (search as { readonly test?: unknown }).test });
  const test = asked === undefined ? undefined : String(asked);
  const [adding, setAdding] = useState<Partial<Kept>>();
  const [opened, setOpened] = useState<string>();
  const leaveTest = () => { void navigate({ to: "/settings/single-sign-on", replace: true }); };
  const add = (
    <Button tone="main" icon="plus" onPress={() => { setAdding({}); }}>
      {words.say("sso.add")}
    </Button>
  );
  const shown = providers.data?.find(({ id }) => id === opened);
  return (
    <Page title={words.say("settings.sso")} lead={words.say("sso.lead")} actions={add}>
      <Loaded query={providers} explain={explain}>
        {(known) =>
          known.length === 0 ? (
            <Empty title={words.say("sso.empty.title")} text={words.say("sso.empty.text")} />
          ) : (
            <Panel isFlush>
              <ProviderTable providers={known} onOpen={setOpened} />
            </Panel>
          )
        }
      </Loaded>
      <DomainsPanel providers={providers.data ?? []} />
      {adding && <ProviderDialog known={adding} onClose={() => { setAdding(undefined); }} />}
      {shown && <ProviderPanel key={shown.id} provider={shown} onClose={() => { setOpened(undefined); }} />}
      {test !== undefined && <ReceivedDialog test={test} kept={keptFor(test)} onAgain={(kept) => { leaveTest(); setAdding(kept); }} onClose={leaveTest} />}
    </Page>
  );
}
