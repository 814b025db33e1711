import { useWords } from "@/lib/words/context";
import { StateMark, type Tone } from "@/ui/state-mark";
import type { Judgement, Outcome } from "../check-proof";
import styles from "../oversight.module.css";

const CHECKS = ["entry", "root", "signature", "origin", "key", "kept"] as const;
const TONES: Readonly<Record<Outcome, Tone>> = { ok: "good", bad: "bad", first: "news", unsupported: "wait" };

export function Checks({ judgement }: { readonly judgement: Judgement }) {
  const words = useWords();
  return (
    <ul className={styles.checks}>
      {CHECKS.map((check) => (
        <li key={check} data-check={check} data-outcome={judgement[check]}>
          <span>{words.say(`proof.check.${check}`)}</span>
          <StateMark tone={TONES[judgement[check]]}>{words.say(`proof.check.${judgement[check]}`)}</StateMark>
        </li>
      ))}
    </ul>
  );
}
