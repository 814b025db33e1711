import type { ReactNode } from "react";
import styles from "./entrance.module.css";

/** A further way, smaller than the form above it. */
export function TextButton({ children, onPress }: { readonly children: ReactNode; readonly onPress: () => void }) {
  return (
    <button type="button" className={styles.other} onClick={onPress}>
      {children}
    </button>
  );
}
