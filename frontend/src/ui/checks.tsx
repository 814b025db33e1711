import { Checkbox } from "@mantine/core";

interface Props {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string; readonly isRaw?: boolean }[];
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
}

/** Any number of these. */
export function Checks({ label, options, chosen, onChange }: Props) {
  const turn = (value: string) => {
    const next = new Set(chosen);
    if (!next.delete(value)) next.add(value);
    onChange(next);
  };
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0, display: "grid", gap: "var(--space-2)" }}>
      <legend style={{ padding: 0, marginBottom: "var(--space-2)", fontSize: "var(--type-2)", fontWeight: 600 }}>{label}</legend>
      {options.map(({ value, label: text, isRaw }) => (
        <Checkbox key={value} label={isRaw ? <span translate="no">{text}</span> : text} checked={chosen.has(value)} onChange={() => { turn(value); }} />
      ))}
    </fieldset>
  );
}

/** Yes or no. */
export function Check({ label, hint, isOn, onChange }: { readonly label: string; readonly hint?: string; readonly isOn: boolean; readonly onChange: (isOn: boolean) => void }) {
  return <Checkbox label={label} description={hint} checked={isOn} onChange={(event) => { onChange(event.currentTarget.checked); }} />;
}
