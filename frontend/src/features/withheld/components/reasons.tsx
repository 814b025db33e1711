import { useReasons } from "@/api/reasons";
import type { Reason } from "@/api/types";
import { useWords } from "@/lib/words/context";
import styles from "../withheld.module.css";

/** Why policy refused or withheld it, with the words that it is about. */
export function Reasons({ reasons }: { readonly reasons: readonly Reason[] }) {
  const words = useWords();
  const { refusal } = useReasons();
  if (reasons.length === 0) return null;
  return (
    <ul className={styles.reasons} aria-label={words.say("withheld.reasons")}>
      {reasons.map((reason, at) => (
        <li key={at}>
          {refusal(reason.rule)}
          {reason.span ? <mark translate="no">{reason.span}</mark> : null}
        </li>
      ))}
    </ul>
  );
}
