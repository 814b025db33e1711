import type { Generation } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Icon } from "@/ui/icon";
import styles from "../create.module.css";

const ENDINGS = ["refused", "withheld", "failed", "cancelled"] as const;
type Ending = (typeof ENDINGS)[number];

/** Why there is no picture: the state in words, and every reason that the service gave. */
export function Refusal({ generation }: { readonly generation: Generation }) {
  const words = useWords();
  const ending: Ending = ENDINGS.find((state) => state === generation.state) ?? "failed";
  return (
    <div className={styles.refusal} role="alert" data-state={ending}>
      <Icon name={ending === "cancelled" ? "stop" : "warn"} size={28} />
      <h2>{words.say(`create.${ending}.title`)}</h2>
      <p>{words.say(`create.${ending}.text`)}</p>
      {generation.reasons.length > 0 && (
        <ul>
          {generation.reasons.map((reason, at) => (
            <li key={at}>
              {words.find(`create.reason.${reason.rule}`) ?? <code translate="no">{reason.rule}</code>}
              {reason.span ? <mark translate="no">{reason.span}</mark> : null}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
