import { toBase64 } from "@/lib/merkle";
import { useWords } from "@/lib/words/context";
import type { Judgement } from "../check-proof";
import styles from "../oversight.module.css";

/** Every hash that the browser computed on its way from the entry to the root. */
export function WayUp({ judgement: { leaf, steps, computed, signed } }: { readonly judgement: Judgement }) {
  const words = useWords();
  return (
    <section aria-label={words.say("proof.path")}>
      <h3>{words.say("proof.path")}</h3>
      <ol className={styles.way}>
        <li>
          <span>{words.say("proof.path.leaf")}</span>
          <code translate="no">{toBase64(leaf)}</code>
        </li>
        {steps.map((step, at) => (
          <li key={at}>
            <span>{words.say(`proof.path.${step.side}`)}</span>
            <code translate="no">{toBase64(step.result)}</code>
          </li>
        ))}
        <li data-end="">
          <span>{words.say("proof.path.root")}</span>
          <code translate="no" data-testid="computed-root">
            {computed ? toBase64(computed) : "–"}
          </code>
        </li>
        <li data-end="">
          <span>{words.say("proof.path.signed")}</span>
          <code translate="no" data-testid="signed-root">
            {toBase64(signed)}
          </code>
        </li>
      </ol>
    </section>
  );
}
