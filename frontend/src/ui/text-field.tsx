import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly placeholder?: string;
  readonly kind?: "text" | "email" | "password" | "date";
  readonly autoComplete?: string;
  readonly needsFocus?: boolean;
  readonly isNeeded?: boolean;
}

export function TextField({ label, value, onChange, hint, error, placeholder, kind = "text", autoComplete, needsFocus, isNeeded }: Props) {
  return (
    <TextInput
      type={kind}
      label={label}
      value={value}
      error={error}
      placeholder={placeholder}
      autoComplete={autoComplete}
      description={hint}
      required={isNeeded ?? false}
      withAsterisk={false}
      data-autofocus={needsFocus ? true : undefined}
      autoFocus={needsFocus ?? false}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}
