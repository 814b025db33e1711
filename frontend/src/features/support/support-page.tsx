import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useMay, useSession } from "@/api/session";
import { projectsQuery } from "@/api/studio";
import type { Consent } from "@/api/types";
import { dateTime } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Content } from "@/ui/content";
import { Copied } from "@/ui/copied";
import { type Column, DataTable } from "@/ui/data-table";
import { Empty } from "@/ui/empty";
import { Facts } from "@/ui/facts";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { StateMark } from "@/ui/state-mark";
import { useToast } from "@/ui/toasts";
import { consentState } from "./consent";
import { GiveDialog } from "./give-dialog";
import { useConsents, useEnd } from "./queries";

const TONES = { open: "wait", entered: "news", over: "still" } as const;

/** Whether the platform's support may come in, who let it, why, and until when. */
export function SupportPage() {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const session = useSession();
  const mayAdmit = useMay("support.admit");
  const consents = useConsents();
  const projects = useQuery(projectsQuery).data ?? [];
  const end = useEnd();
  const [isGiving, setIsGiving] = useState(false);
  const [ending, setEnding] = useState<Consent>();
  const close = () => { setEnding(undefined); };
  const id = words.say("support.studio_id");
  const columns: readonly Column<Consent>[] = [
    { key: "as", title: words.say("support.as"), cell: ({ project }) => (project ? <Content>{words.say("support.viewer", { project: projects.find((one) => one.id === project)?.name ?? project })}</Content> : words.say("support.auditor")) },
    { key: "reason", title: words.say("support.reason"), cell: ({ reason }) => <Content>{reason}</Content> },
    { key: "state", title: words.say("sso.column.state"), cell: (consent) => <StateMark tone={TONES[consentState(consent)]}>{words.say(`support.state.${consentState(consent)}`)}</StateMark> },
    { key: "until", title: words.say("grants.column.until"), cell: ({ until, ended }) => <Content>{dateTime(ended ?? until, words.locale)}</Content> },
    {
      key: "act",
      title: words.say("people.column.act"),
      cell: (consent) =>
        mayAdmit && consentState(consent) !== "over" && (
          <Button size="small" tone="danger" label={words.say("support.end", { reason: consent.reason })} onPress={() => { setEnding(consent); }}>
            {words.say("support.end.short")}
          </Button>
        ),
    },
  ];
  const give = mayAdmit && (
    <Button tone="main" icon="plus" onPress={() => { setIsGiving(true); }}>
      {words.say("support.give")}
    </Button>
  );
  return (
    <Page title={words.say("settings.support")} lead={words.say("support.lead")} actions={give}>
      {session && (
        <Panel>
          <Facts facts={[{ name: id, value: <Copied value={session.tenant.id} label={words.say("say.copy", { what: id })} /> }]} />
        </Panel>
      )}
      <Loaded query={consents} explain={explain}>
        {(known) => (known.length === 0 ? <Empty title={words.say("support.empty.title")} text={words.say("support.empty.text")} /> : <Panel isFlush><DataTable label={words.say("settings.support")} rows={known} rowKey={(one) => one.id} columns={columns} /></Panel>)}
      </Loaded>
      {isGiving && <GiveDialog onClose={() => { setIsGiving(false); }} />}
      {ending && <Confirm title={words.say("support.end.title")} text={words.say("support.end.text")} go={words.say("support.end.go")} isBusy={end.isPending} onGo={() => { end.mutate(ending.id, { onSuccess: () => { toast(words.say("account.devices.ended"), "good"); }, onError: (error) => { toast(explain(error), "bad"); }, onSettled: close }); }} onClose={close} />}
    </Page>
  );
}
