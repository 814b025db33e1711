import type { Entry, EntryState } from "@/api/types";
import { exactTime, shortId } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { StateMark, type Tone } from "@/ui/state-mark";
import styles from "../oversight.module.css";

const TONES: Readonly<Record<EntryState, Tone>> = { recorded: "wait", integrated: "news", published: "good" };

export function Entries({ entries, onProve }: { readonly entries: readonly Entry[]; readonly onProve: (id: string) => void }) {
  const words = useWords();
  const columns: readonly Column<Entry>[] = [
    { key: "index", title: words.say("ledger.column.index"), isNumber: true, cell: ({ index }) => index ?? "–" },
    { key: "when", title: words.say("ledger.column.when"), cell: ({ ts }) => <Content>{exactTime(ts, words.locale)}</Content> },
    { key: "kind", title: words.say("ledger.column.kind"), cell: (entry) => <Told entry={entry} /> },
    { key: "actor", title: words.say("ledger.column.actor"), cell: ({ actor }) => <Content isMono>{shortId(actor, 12)}</Content> },
    { key: "state", title: words.say("ledger.column.state"), cell: ({ state }) => <StateMark tone={TONES[state]}>{words.say(`state.${state}`)}</StateMark> },
    {
      key: "proof",
      title: words.say("ledger.column.proof"),
      cell: ({ id, index }) =>
        index === null ? null : (
          <Button size="small" icon="seal" label={words.say("ledger.prove.entry", { index })} onPress={() => { onProve(id); }}>
            {words.say("ledger.prove")}
          </Button>
        ),
    },
  ];
  return <DataTable label={words.say("ledger.table")} rows={entries} rowKey={({ id }) => id} columns={columns} />;
}

/** The kind, and behind it everything that the entry says. */
function Told({ entry }: { readonly entry: Entry }) {
  const facts = Object.keys(entry.facts).length + Object.keys(entry.commits).length;
  if (facts === 0) return <Content isMono>{entry.kind}</Content>;
  return (
    <details className={styles.told}>
      <summary>
        <Content isMono>{entry.kind}</Content>
      </summary>
      <pre translate="no">{JSON.stringify({ facts: entry.facts, commits: entry.commits }, null, 2)}</pre>
    </details>
  );
}
