import type { ReactNode } from "react";
import styles from "./crop-frame.module.css";

/** Printer's crop marks around whatever is being made or missed: where a picture will be. */
export function CropFrame({ children, tone = "still", ratio }: { readonly children: ReactNode; readonly tone?: "still" | "moving" | "bad"; readonly ratio?: number }) {
  return (
    <div className={styles.frame} data-tone={tone} style={ratio === undefined ? undefined : { aspectRatio: String(ratio) }}>
      <i className={styles.corner} aria-hidden="true" />
      <i className={styles.corner} aria-hidden="true" />
      <i className={styles.corner} aria-hidden="true" />
      <i className={styles.corner} aria-hidden="true" />
      {children}
    </div>
  );
}
