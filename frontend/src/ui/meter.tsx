import styles from "./meter.module.css";

interface Props {
  readonly label: string;
  readonly part: number;
  readonly tone?: "main" | "bad" | "good";
  readonly isSlim?: boolean;
}

export function Meter({ label, part, tone = "main", isSlim }: Props) {
  const share = Math.min(1, Math.max(0, part));
  return (
    <div className={styles.meter} data-tone={tone} data-slim={isSlim ? "" : undefined} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}>
      <div className={styles.bar} style={{ transform: `scaleX(${String(share)})` }} />
    </div>
  );
}
