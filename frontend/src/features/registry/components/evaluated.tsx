import type { Evaluation } from "@/api/types";
import { measure } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import styles from "../registry.module.css";

/** The measures before and after training, as bars of one length: shorter is better for both. */
export function Evaluated({ evaluation }: { readonly evaluation: Evaluation | null }) {
  const words = useWords();
  if (!evaluation) return <p className={styles.faint}>{words.say("registry.evaluation.none")}</p>;
  const rows = [
    { name: words.say("registry.evaluation.loss"), before: evaluation.loss_before, after: evaluation.loss_after, floor: null },
    { name: words.say("registry.evaluation.style"), before: evaluation.style_before, after: evaluation.style_after, floor: evaluation.style_floor },
  ];
  return (
    <section className={styles.evaluation} aria-label={words.say("registry.evaluation")}>
      {rows.map(({ name, before, after, floor }) => {
        const most = Math.max(before ?? 0, after ?? 0, floor ?? 0) || 1;
        const width = (value: number | null) => `${String((100 * (value ?? 0)) / most)}%`;
        const said = (value: number | null) => (value === null ? "–" : measure(value, words.locale, 3));
        return (
          <div key={name} className={styles.measure}>
            <span>{name}</span>
            <span className={styles.bars}>
              <i style={{ width: width(before) }} data-kind="before" />
              <i style={{ width: width(after) }} data-kind="after" />
              {floor !== null && <b style={{ left: width(floor) }} aria-hidden="true" />}
            </span>
            <span className={styles.values}>
              <small>{words.say("registry.evaluation.before", { value: said(before) })}</small>
              <strong>{words.say("registry.evaluation.after", { value: said(after) })}</strong>
              {floor !== null && <small title={words.say("registry.evaluation.floor")}>{words.say("registry.evaluation.floor.value", { value: said(floor) })}</small>}
            </span>
          </div>
        );
      })}
    </section>
  );
}
