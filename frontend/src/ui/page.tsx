import type { ReactNode } from "react";
import { PageTitle } from "./page-title";
import styles from "./page.module.css";

/** A room of the portal: its name, one sentence, what one can do here, and the work itself. */
export function Page({ title, lead, actions, children, isWide }: { readonly title: ReactNode; readonly lead?: ReactNode; readonly actions?: ReactNode; readonly children: ReactNode; readonly isWide?: boolean }) {
  return (
    <div className={styles.page} data-wide={isWide ? "" : undefined}>
      <header className={styles.header}>
        {typeof title === "string" && title !== "" && <PageTitle room={title} />}
        <div>
          {title !== "" && <h1>{title}</h1>}
          {lead !== undefined && <div className={styles.lead}>{lead}</div>}
        </div>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
