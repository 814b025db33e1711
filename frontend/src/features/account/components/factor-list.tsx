import type { Factor } from "@/api/factors";
import { ago, dateTime } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { IconButton } from "@/ui/icon-button";

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

export function FactorList({ factors, onRemove }: { readonly factors: readonly Factor[]; readonly onRemove: (factor: Factor) => void }) {
  const words = useWords();
  const columns: readonly Column<Factor>[] = [
    {
      key: "kind",
      title: words.say("account.column.factor"),
      cell: (factor) => (
        <>
          {words.say(`account.kind.${factor.type}`)}
          {factor.name && <> <Content>{factor.name}</Content></>}
          {factor.type === "recovery_codes" && words.count("account.codes.left", factor.unused_code_count ?? 0)}
        </>
      ),
    },
    { key: "created", title: words.say("account.column.added"), cell: ({ created_at }) => <Content>{dateTime(iso(created_at), words.locale)}</Content> },
    { key: "used", title: words.say("account.column.used"), cell: ({ last_used_at }) => (last_used_at === null ? words.say("account.never") : <Content>{ago(iso(last_used_at), words.locale)}</Content>) },
    {
      key: "remove",
      title: words.say("account.column.remove"),
      cell: (factor) => (factor.type === "recovery_codes" ? null : <IconButton icon="trash" label={words.say("account.factor.remove", { kind: words.say(`account.kind.${factor.type}`) })} onPress={() => { onRemove(factor); }} />),
    },
  ];
  return <DataTable label={words.say("account.factors.title")} rows={factors} rowKey={({ type, id }) => `${type}${String(id ?? "")}`} columns={columns} />;
}
