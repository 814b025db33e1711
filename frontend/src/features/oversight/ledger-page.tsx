import { useNavigate, useSearch } from "@tanstack/react-router";
import { useExplain } from "@/api/explain";
import { useProjectId } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/empty";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { CheckpointPanel } from "./components/checkpoint-panel";
import { Entries } from "./components/entries";
import { LedgerFilters } from "./components/ledger-filters";
import { ProofDialog } from "./components/proof-dialog";
import { useEntries } from "./queries";
import type { LedgerSearch } from "./routes";

export function LedgerPage() {
  const words = useWords();
  const explain = useExplain();
  const project = useProjectId();
  const search: LedgerSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const go = (next: LedgerSearch) => void navigate({ to: ".", search: next });
  const { entry, ...filters } = search;
  const entries = useEntries({ ...(filters.kind ? { kind: filters.kind } : {}), ...(filters.where ? { project } : {}) });
  return (
    <Page isWide title={words.say("ledger.title")} lead={words.say("ledger.lead")}>
      <CheckpointPanel />
      <LedgerFilters search={filters} onChange={go} />
      <Loaded query={entries} explain={explain} lines={6}>
        {({ pages }) => {
          const shown = pages.flatMap((page) => page.results);
          if (shown.length === 0) return <Empty title={words.say("ledger.empty.title")} text={words.say("ledger.empty.text")} />;
          return (
            <Panel isFlush>
              <Entries entries={shown} onProve={(id) => { go({ ...filters, entry: id }); }} />
            </Panel>
          );
        }}
      </Loaded>
      {entries.hasNextPage && (
        <div>
          <Button isBusy={entries.isFetchingNextPage} onPress={() => void entries.fetchNextPage()}>
            {words.say("say.more")}
          </Button>
        </div>
      )}
      {entry !== undefined && <ProofDialog entry={entry} onClose={() => { go(filters); }} />}
    </Page>
  );
}
