import { Textarea } from "@mantine/core";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly rows?: number;
  readonly hint?: string;
  readonly isLabelHidden?: boolean;
  readonly error?: string | undefined;
  readonly onLeave?: () => void;
}

export function TextArea({ label, value, onChange, placeholder, rows = 3, hint, isLabelHidden, error, onLeave }: Props) {
  return (
    <Textarea
      label={isLabelHidden ? undefined : label}
      aria-label={isLabelHidden ? label : undefined}
      value={value}
      placeholder={placeholder}
      rows={rows}
      description={hint}
      error={error}
      resize="vertical"
      onBlur={onLeave}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}
