import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useIsPlatform, useMay } from "@/api/session";
import { projectsQuery } from "@/api/studio";
import type { Grant } from "@/api/types";
import { dateTime } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { IconButton } from "@/ui/icon-button";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { useToast } from "@/ui/toasts";
import { ExplainPanel } from "./components/explain-panel";
import { GrantDialog } from "./components/grant-dialog";
import { useGrants, useRevoke } from "./queries";

/** Who holds which role where, and until when. */
export function GrantsPage() {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const mayManage = useMay("member.manage");
  const isPlatform = useIsPlatform();
  const mayExplain = useMay("access.explain");
  const person: string = useSearch({ strict: false, select: (search: { person?: string }) => search.person ?? "" });
  const grants = useGrants();
  const projects = new Map((useQuery(projectsQuery).data ?? []).map(({ id, name }) => [id, name]));
  const [isGranting, setIsGranting] = useState(false);
  const [leaving, setLeaving] = useState<Grant>();
  const revoke = useRevoke();
  const roleOf = ({ role, custom_name: own }: Grant) => (role === "" ? own : (words.find(`role.${role}`) ?? role));
  const columns: readonly Column<Grant>[] = [
    { key: "holder", title: words.say("grants.column.holder"), cell: ({ name }) => <Content>{name}</Content> },
    { key: "role", title: words.say("grants.column.role"), cell: (grant) => <Content>{roleOf(grant)}</Content> },
    { key: "where", title: words.say("grants.column.where"), cell: ({ project }) => (project === null ? words.say(isPlatform ? "grants.whole_platform" : "grants.whole_studio") : <Content>{projects.get(project) ?? project}</Content>) },
    { key: "until", title: words.say("grants.column.until"), cell: ({ expires }) => (expires === null ? words.say("grants.for_good") : <Content>{dateTime(expires, words.locale)}</Content>) },
    { key: "origin", title: words.say("grants.column.origin"), cell: ({ origin }) => words.say(`grants.origin.${origin}`) },
    { key: "revoke", title: words.say("tokens.column.revoke"), cell: (grant) => mayManage && grant.origin === "hand" && <IconButton icon="trash" label={words.say("grants.revoke", { name: grant.name, role: grant.role || grant.custom_name })} onPress={() => { setLeaving(grant); }} /> },
  ];
  const go = (grant: Grant) => {
    revoke.mutate(grant.id, { onSuccess: () => { toast(words.say("grants.revoked"), "good"); }, onError: (error) => { toast(explain(error), "bad"); }, onSettled: () => { setLeaving(undefined); } });
  };
  const add = mayManage && (
    <Button tone="main" icon="plus" onPress={() => { setIsGranting(true); }}>
      {words.say("grants.new")}
    </Button>
  );
  return (
    <Page title={words.say("settings.grants")} lead={words.say("grants.lead")} actions={add} isWide>
      {mayExplain && <ExplainPanel key={person} project="" person={person} />}
      <Loaded query={grants} explain={explain}>
        {(known) => (
          <Panel isFlush>
            <DataTable label={words.say("settings.grants")} rows={known} rowKey={({ id }) => id} columns={columns} />
          </Panel>
        )}
      </Loaded>
      {leaving && <Confirm title={words.say("grants.revoke.title", { name: leaving.name })} text={words.say("grants.revoke.text")} go={words.say("grants.revoke.go")} isBusy={revoke.isPending} onGo={() => { go(leaving); }} onClose={() => { setLeaving(undefined); }} />}
      {isGranting && <GrantDialog onClose={() => { setIsGranting(false); }} />}
    </Page>
  );
}
