import { useWords } from "@/lib/words/context";
import { Check, Checks } from "@/ui/checks";
import { Stack } from "@/ui/row";
import type { LISTS } from "../draft";

interface Props {
  readonly list: (typeof LISTS)[number];
  readonly options: readonly { readonly value: string; readonly label: string; readonly isRaw?: boolean }[];
  /** Nothing is no limit. */
  readonly chosen: ReadonlySet<string> | null;
  readonly onChange: (chosen: ReadonlySet<string> | null) => void;
}

/** Every one of a kind, or only those that are ticked. */
export function ListLimit({ list, options, chosen, onChange }: Props) {
  const words = useWords();
  return (
    <Stack gap={2}>
      <Check label={words.say(`limits.every.${list}`)} isOn={chosen === null} onChange={(isEvery) => { onChange(isEvery ? null : new Set(options.map(({ value }) => value))); }} />
      {chosen !== null && options.length > 0 && <Checks label={words.say(`limits.only.${list}`)} options={options} chosen={chosen} onChange={onChange} />}
      {chosen !== null && options.length === 0 && <small>{words.say("limits.nothing_yet")}</small>}
    </Stack>
  );
}
