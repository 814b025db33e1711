import styles from "./state-mark.module.css";

export type Tone = "good" | "bad" | "wait" | "news" | "still";

/** A state in words, with a dot whose colour repeats what the words say. */
export function StateMark({ tone, children, isMoving }: { readonly tone: Tone; readonly children: string; readonly isMoving?: boolean }) {
  return (
    <span className={styles.mark} data-tone={tone} data-moving={isMoving ? "" : undefined}>
      {children}
    </span>
  );
}
