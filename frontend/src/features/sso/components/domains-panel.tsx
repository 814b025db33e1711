import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { Domain, Provider } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { Empty } from "@/ui/empty";
import { Loaded } from "@/ui/loaded";
import { Panel } from "@/ui/panel";
import { Row } from "@/ui/row";
import { StateMark } from "@/ui/state-mark";
import { useToast } from "@/ui/toasts";
import { useDomains, useRelease } from "../queries";
import { ClaimDialog } from "./claim-dialog";
import { ProveDialog } from "./prove-dialog";

/** The e-mail domains that the studio claims: a proved one leads to it, and links accounts that are there already. */
export function DomainsPanel({ providers }: { readonly providers: readonly Provider[] }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const domains = useDomains();
  const release = useRelease();
  const [isClaiming, setIsClaiming] = useState(false);
  const [proving, setProving] = useState<Domain>();
  const [leaving, setLeaving] = useState<Domain>();
  const close = () => { setLeaving(undefined); };
  const columns: readonly Column<Domain>[] = [
    { key: "domain", title: words.say("sso.domains.column.domain"), cell: ({ domain }) => <Content>{domain}</Content> },
    { key: "provider", title: words.say("sso.domains.column.provider"), cell: ({ provider }) => { const found = providers.find(({ id }) => id === provider); return found ? <Content>{found.name}</Content> : words.say("say.none"); } },
    { key: "state", title: words.say("sso.column.state"), cell: ({ proved }) => <StateMark tone={proved === null ? "wait" : "good"}>{words.say(proved === null ? "sso.domains.claimed" : "sso.domains.proved")}</StateMark> },
    {
      key: "act",
      title: words.say("people.column.act"),
      cell: (domain) => (
        <Row>
          {domain.proved === null && (
            <Button size="small" label={words.say("sso.domains.prove", { domain: domain.domain })} onPress={() => { setProving(domain); }}>
              {words.say("sso.domains.prove.short")}
            </Button>
          )}
          <Button size="small" tone="plain" label={words.say("sso.domains.release", { domain: domain.domain })} onPress={() => { setLeaving(domain); }}>
            {words.say("sso.domains.release.short")}
          </Button>
        </Row>
      ),
    },
  ];
  const claim = (
    <Button icon="plus" size="small" onPress={() => { setIsClaiming(true); }}>
      {words.say("sso.domains.claim")}
    </Button>
  );
  return (
    <Panel title={words.say("sso.domains.title")} beside={claim}>
      <Loaded query={domains} explain={explain} lines={1}>
        {(known) => (known.length === 0 ? <Empty title={words.say("sso.domains.empty.title")} text={words.say("sso.domains.empty.text")} /> : <DataTable label={words.say("sso.domains.title")} rows={known} rowKey={({ id }) => id} columns={columns} />)}
      </Loaded>
      {isClaiming && <ClaimDialog providers={providers} onClaimed={(made) => { setIsClaiming(false); setProving(made); }} onClose={() => { setIsClaiming(false); }} />}
      {proving && <ProveDialog domain={proving} onClose={() => { setProving(undefined); }} />}
      {leaving && <Confirm title={words.say("sso.domains.release.title", { domain: leaving.domain })} text={words.say("sso.domains.release.text")} go={words.say("sso.domains.release.go")} isBusy={release.isPending} onGo={() => { release.mutate(leaving.id, { onError: (error) => { toast(explain(error), "bad"); }, onSettled: close }); }} onClose={close} />}
    </Panel>
  );
}
