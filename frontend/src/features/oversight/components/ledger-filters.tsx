import { useWords } from "@/lib/words/context";
import { Choice } from "@/ui/choice";
import { Row } from "@/ui/row";
import { Segments } from "@/ui/segments";
import { KINDS } from "../kinds";
import type { LedgerSearch } from "../routes";

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
