import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useMay, useSession } from "@/api/session";
import type { ApiToken } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { type Column, DataTable } from "@/ui/data-table";
import { Empty } from "@/ui/empty";
import { IconButton } from "@/ui/icon-button";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Row } from "@/ui/row";
import { useToast } from "@/ui/toasts";
import { IssueDialog } from "./components/issue-dialog";
import { LeakedForm } from "./components/leaked-form";
import { RotateDialog } from "./components/rotate-dialog";
import { useRevoke, useTokens } from "./queries";
import { useTokenColumns } from "./token-columns";

export function TokensPage() {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const projects = new Map(useSession()?.projects.map(({ id, name }) => [id, name]));
  const mayIssue = useMay("token.issue");
  const [isIssuing, setIsIssuing] = useState(false);
  const [rotating, setRotating] = useState<ApiToken>();
  const [leaving, setLeaving] = useState<ApiToken>();
  const tokens = useTokens();
  const revoke = useRevoke();
  const columns: readonly Column<ApiToken>[] = [
    ...useTokenColumns(projects),
    {
      key: "change",
      title: words.say("tokens.column.change"),
      cell: (token) => (
        <Row>
          {mayIssue && (
            <Button size="small" label={words.say("tokens.rotate", { name: token.name })} onPress={() => { setRotating(token); }}>
              {words.say("tokens.rotate.short")}
            </Button>
          )}
          <IconButton icon="trash" label={words.say("tokens.revoke", { name: token.name })} onPress={() => { setLeaving(token); }} />
        </Row>
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
    <Page title={words.say("tokens.title")} lead={words.say("tokens.lead")} actions={issue} isWide>
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
      <LeakedForm />
      {leaving && (
        <Confirm title={words.say("tokens.revoke.title", { name: leaving.name })} text={words.say("tokens.revoke.text")} go={words.say("tokens.revoke.go")} isBusy={revoke.isPending} onGo={() => { go(leaving.id); }} onClose={close} />
      )}
      {rotating && <RotateDialog token={rotating} onClose={() => { setRotating(undefined); }} />}
      {isIssuing && <IssueDialog onClose={() => { setIsIssuing(false); }} />}
    </Page>
  );
}
