import type { ReactNode } from "react";
import styles from "./panel.module.css";

/** A sheet of paper on the ground. */
export function Panel({ title, beside, children, isFlush }: { readonly title?: string; readonly beside?: ReactNode; readonly children: ReactNode; readonly isFlush?: boolean }) {
  return (
    <section className={styles.panel} data-flush={isFlush ? "" : undefined} aria-label={title}>
      {title !== undefined && (
        <header className={styles.header}>
          <h2 className={styles.title}>{title}</h2>
          {beside}
        </header>
      )}
      {children}
    </section>
  );
}
