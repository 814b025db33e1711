import { address } from "@/api/client";
import type { TrainingRun } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Panel } from "@/ui/panel";
import styles from "../training.module.css";

/** Sample pictures, one row for each step at which they were taken, the newest first. */
export function Samples({ run }: { readonly run: TrainingRun }) {
  const words = useWords();
  const steps = [...new Set(run.samples.map(({ step }) => step))].sort((one, other) => other - one);
  return (
    <Panel title={words.say("training.samples")}>
      {steps.length === 0 && <p className={styles.faint}>{words.say("training.samples.empty", { every: run.config.sample_every ?? "…" })}</p>}
      <div className={styles.samples}>
        {steps.map((step) => (
          <figure key={step} className={styles.sampleRow}>
            <figcaption>{words.say("training.sample.step", { step })}</figcaption>
            {run.samples.filter((sample) => sample.step === step).map((sample) => (
              <img key={sample.index} loading="lazy" src={address(sample.url)} alt={words.say("training.sample", { index: sample.index + 1, step })} />
            ))}
          </figure>
        ))}
      </div>
    </Panel>
  );
}
