import { SegmentedControl } from "@mantine/core";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

export function Segments({ label, value, onChange, options }: Props) {
  return <SegmentedControl aria-label={label} value={value} onChange={onChange} data={options.map((option) => ({ ...option }))} size="xs" />;
}
