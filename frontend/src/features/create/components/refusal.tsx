import { useReasons } from "@/api/reasons";
import type { Generation } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { dateTime } from "@/lib/format";
import { Icon } from "@/ui/icon";
import styles from "../create.module.css";

const ENDINGS = ["refused", "withheld", "failed", "cancelled"] as const;
type Ending = (typeof ENDINGS)[number];

/** Why there is no picture: the state in words, and every reason that the service gave. */
export function Refusal({ generation }: { readonly generation: Generation }) {
  const words = useWords();
  const reasons = useReasons();
  const ending: Ending = ENDINGS.find((state) => state === generation.state) ?? "failed";
  return (
    <div className={styles.refusal} role="alert" data-state={ending}>
      <Icon name={ending === "cancelled" ? "stop" : "warn"} size={28} />
      <h2>{words.say(`create.${ending}.title`)}</h2>
      <p>{words.say(`create.${ending}.text`)}</p>
      {ending === "failed" && generation.code !== "" && <p>{reasons.failure(generation.code)}</p>}
      {generation.reasons.length > 0 && (
        <ul>
          {generation.reasons.map((reason, at) => (
            <li key={at}>
              {reasons.refusal(reason.rule)}
              {reason.opens ? ` ${words.say("create.refused.limit", { used: reason.used ?? 0, most: reason.most ?? 0, opens: dateTime(reason.opens, words.locale) })}` : null}
              {reason.span ? <mark translate="no">{reason.span}</mark> : null}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
