import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useMay, useSession } from "@/api/session";
import type { ApiToken } from "@/api/types";
import { ago, dateTime } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { Empty } from "@/ui/empty";
import { IconButton } from "@/ui/icon-button";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { useToast } from "@/ui/toasts";
import { IssueDialog } from "./components/issue-dialog";
import { useRevoke, useTokens } from "./queries";

export function TokensPage() {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const projects = new Map(useSession()?.projects.map(({ id, name }) => [id, name]));
  const mayIssue = useMay("token.issue");
  const [isIssuing, setIsIssuing] = useState(false);
  const [leaving, setLeaving] = useState<ApiToken>();
  const tokens = useTokens();
  const revoke = useRevoke();
  const columns: readonly Column<ApiToken>[] = [
    { key: "name", title: words.say("tokens.column.name"), cell: ({ name }) => <Content>{name}</Content> },
    { key: "project", title: words.say("tokens.column.project"), cell: ({ project }) => (!project ? words.say("tokens.project.any") : <Content>{projects.get(project) ?? project}</Content>) },
    { key: "expires", title: words.say("tokens.column.expires"), cell: ({ expires }) => <Content>{dateTime(expires, words.locale)}</Content> },
    { key: "used", title: words.say("tokens.column.used"), cell: (token) => (token.last_used === null ? words.say("tokens.never") : <Content>{ago(token.last_used, words.locale)}</Content>) },
    {
      key: "revoke",
      title: words.say("tokens.column.revoke"),
      cell: (token) => (
        <IconButton icon="trash" label={words.say("tokens.revoke", { name: token.name })} onPress={() => { setLeaving(token); }} />
      ),
    },
  ];
  const close = () => { setLeaving(undefined); };
  const go = (id: string) => {
    revoke.mutate(id, { onSuccess: () => { toast(words.say("tokens.revoked"), "good"); }, onError: (error) => { toast(explain(error), "bad"); }, onSettled: close });
  };
  const issue = mayIssue && (
    <Button tone="main" icon="plus" onPress={() => { setIsIssuing(true); }}>
      {words.say("tokens.new")}
    </Button>
  );
  return (
    <Page title={words.say("tokens.title")} lead={words.say("tokens.lead")} actions={issue}>
      <Loaded query={tokens} explain={explain}>
        {(known) =>
          known.length === 0 ? (
            <Empty title={words.say("tokens.empty.title")} text={words.say("tokens.empty.text")} />
          ) : (
            <Panel isFlush>
              <DataTable label={words.say("tokens.table")} rows={known} rowKey={({ id }) => id} columns={columns} />
            </Panel>
          )
        }
      </Loaded>
      {leaving && (
        <Confirm title={words.say("tokens.revoke.title", { name: leaving.name })} text={words.say("tokens.revoke.text")} go={words.say("tokens.revoke.go")} isBusy={revoke.isPending} onGo={() => { go(leaving.id); }} onClose={close} />
      )}
      {isIssuing && <IssueDialog onClose={() => { setIsIssuing(false); }} />}
    </Page>
  );
}
