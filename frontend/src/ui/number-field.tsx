import { NumberInput } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  readonly label: string;
  /** Nothing is an empty field. */
  readonly value: number | undefined;
  readonly onChange: (value: number) => void;
  /** Told when the field is emptied. */
  readonly onEmpty?: () => void;
  readonly placeholder?: string;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly decimals?: number;
  readonly hint?: string;
  readonly beside?: ReactNode;
  readonly besideWidth?: number;
}

export function NumberField({ label, value, onChange, onEmpty, placeholder, min, max, step, decimals = 0, hint, beside, besideWidth }: Props) {
  return (
    <NumberInput
      label={label}
      value={value ?? ""}
      placeholder={placeholder}
      min={min}
      max={max}
      step={step}
      decimalScale={decimals}
      description={hint}
      hideControls={beside !== undefined}
      rightSection={beside}
      rightSectionWidth={besideWidth}
      onChange={(next) => {
        if (typeof next === "number") onChange(next);
        else if (next === "") onEmpty?.();
      }}
    />
  );
}
