import { NativeSelect } from "@mantine/core";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly label: string; readonly disabled?: boolean }[];
  readonly hint?: string;
  readonly isLabelHidden?: boolean;
}

/** The browser's own select: works with every keyboard, reader and phone. */
export function Choice({ label, value, onChange, options, hint, isLabelHidden }: Props) {
  return (
    <NativeSelect
      label={isLabelHidden ? undefined : label}
      aria-label={isLabelHidden ? label : undefined}
      value={value}
      description={hint}
      data={options.map((option) => ({ ...option }))}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}
