import type { ReactNode } from "react";
import { CropFrame } from "./crop-frame";
import styles from "./empty.module.css";

/** Nothing here yet: says what would be, and offers the first step. */
export function Empty({ title, text, action }: { readonly title: string; readonly text: string; readonly action?: ReactNode }) {
  return (
    <CropFrame>
      <div className={styles.empty}>
        <h2>{title}</h2>
        <p>{text}</p>
        {action}
      </div>
    </CropFrame>
  );
}
