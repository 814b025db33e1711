import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { projectsQuery } from "@/api/studio";
import type { StudioToken } from "@/api/types";
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
import { Row } from "@/ui/row";
import { useToast } from "@/ui/toasts";
import { LeakedForm } from "./components/leaked-form";
import { useRevokeAnybodys, useStudioTokens } from "./queries";
import { useTokenColumns } from "./token-columns";

/** Everybody's tokens, to end any of them. */
export function StudioTokensPage() {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const projects = new Map((useQuery(projectsQuery).data ?? []).map(({ id, name }) => [id, name]));
  const tokens = useStudioTokens();
  const revoke = useRevokeAnybodys();
  const [leaving, setLeaving] = useState<StudioToken>();
  const columns: readonly Column<StudioToken>[] = [
    { key: "whose", title: words.say("tokens.column.whose"), cell: ({ person_name: name }) => <Content>{name}</Content> },
    ...useTokenColumns(projects),
    {
      key: "revoke",
      title: words.say("tokens.column.revoke"),
      cell: (token) => <IconButton icon="trash" label={words.say("tokens.all.revoke", { name: token.name, person: token.person_name })} onPress={() => { setLeaving(token); }} />,
    },
  ];
  const close = () => { setLeaving(undefined); };
  const go = (id: string) => {
    revoke.mutate(id, { onSuccess: () => { toast(words.say("tokens.revoked"), "good"); }, onError: (error) => { toast(explain(error), "bad"); }, onSettled: close });
  };
  return (
    <Page title={words.say("settings.tokens")} lead={words.say("tokens.all.lead")} isWide>
      <Loaded query={tokens} explain={explain}>
        {(known) =>
          known.length === 0 ? (
            <Empty title={words.say("tokens.all.empty.title")} text={words.say("tokens.all.empty.text")} />
          ) : (
            <Panel isFlush>
              <DataTable label={words.say("settings.tokens")} rows={known} rowKey={({ id }) => id} columns={columns} />
            </Panel>
          )
        }
      </Loaded>
      {tokens.hasNextPage && (
        <Row>
          <Button isBusy={tokens.isFetchingNextPage} onPress={() => void tokens.fetchNextPage()}>
            {words.say("say.more")}
          </Button>
        </Row>
      )}
      <LeakedForm />
      {leaving && <Confirm title={words.say("tokens.revoke.title", { name: leaving.name })} text={words.say("tokens.revoke.text")} go={words.say("tokens.revoke.go")} isBusy={revoke.isPending} onGo={() => { go(leaving.id); }} onClose={close} />}
    </Page>
  );
}
