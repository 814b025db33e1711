import { useWords } from "@/lib/words/context";
import { Choice } from "@/ui/choice";
import { Row } from "@/ui/row";
import { Segments } from "@/ui/segments";
import type { LedgerSearch } from "../routes";

/** The kinds that people look for; the service takes any. */
const KINDS = [
  "generation.submitted", "generation.refused", "generation.completed", "generation.withheld", "generation.replayed",
  "dataset.created", "dataset.item_added", "dataset.frozen",
  "training.started", "training.finished", "training.cancelled", "model.registered", "model.evaluated", "model.decided",
  "asset.published", "asset.downloaded", "asset.withdrawn", "view.opened", "view.closed",
  "exit.requested", "exit.assembled", "exit.handed_over", "role.granted", "role.revoked", "token.issued", "session.opened", "session.refused",
] as const; // prettier-ignore

export function LedgerFilters({ search, onChange }: { readonly search: LedgerSearch; readonly onChange: (search: LedgerSearch) => void }) {
  const words = useWords();
  const { kind, ...rest } = search;
  return (
    <Row gap={4}>
      <Choice
        isLabelHidden
        label={words.say("ledger.filter.kind")}
        value={kind ?? ""}
        options={[{ value: "", label: words.say("ledger.filter.kind.any") }, ...KINDS.map((name) => ({ value: name, label: name }))]}
        onChange={(value) => { onChange(value === "" ? rest : { ...rest, kind: value }); }}
      />
      <Segments
        label={words.say("ledger.filter.project")}
        value={search.where ?? "studio"}
        options={[
          { value: "studio", label: words.say("ledger.filter.project.any") },
          { value: "project", label: words.say("ledger.filter.project.this") },
        ]}
        onChange={(where) => { onChange({ ...(kind ? { kind } : {}), ...(where === "project" ? { where } : {}) }); }}
      />
    </Row>
  );
}
