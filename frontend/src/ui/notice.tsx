import type { ReactNode } from "react";
import { Icon } from "./icon";
import styles from "./notice.module.css";

/** Something the person should know before she goes on; `bad` is announced at once. */
export function Notice({ tone, title, children, action }: { readonly tone: "bad" | "wait" | "news" | "good"; readonly title?: string; readonly children?: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className={styles.notice} data-tone={tone} role={tone === "bad" ? "alert" : "note"}>
      <Icon name={tone === "good" ? "check" : tone === "news" ? "help" : "warn"} />
      <div className={styles.text}>
        {title !== undefined && <strong>{title}</strong>}
        {children}
      </div>
      {action}
    </div>
  );
}
