import { Slider } from "@mantine/core";
import styles from "./slide.module.css";

interface Props {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly shown: string;
}

export function Slide({ label, value, onChange, min, max, step, shown }: Props) {
  return (
    <div className={styles.slide}>
      <span className={styles.label}>{label}</span>
      <span className={`mono ${styles.value ?? ""}`}>{shown}</span>
      <Slider className={styles.track} value={value} onChange={onChange} min={min} max={max} step={step} label={null} size={4} thumbSize={16} thumbLabel={label} />
    </div>
  );
}
