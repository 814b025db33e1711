import type { Model } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { type Draft, sizesFor } from "../draft";
import styles from "../create.module.css";

interface Props {
  readonly bases: readonly Model[];
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}

export function Bases({ bases, draft, onChange }: Props) {
  const words = useWords();
  return (
    <fieldset className={styles.group}>
      <legend>{words.say("create.base")}</legend>
      <div className={styles.cards}>
        {bases.map((base) => (
          <label key={base.id} className={styles.card}>
            <input
              type="radio"
              name="base"
              value={base.id}
              checked={draft.base === base.id}
              onChange={() => {
                const side = sizesFor(base)[0];
                onChange({ base: base.id, width: side, height: side, weights: {} });
              }}
            />
            <span translate="no">
              <strong>{base.name}</strong>
              <small>{[base.family, base.licence].filter(Boolean).join(" · ")}</small>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
