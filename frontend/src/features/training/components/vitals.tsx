import type { TrainingRun } from "@/api/types";
import { duration, measure } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Meter } from "@/ui/meter";
import type { Report } from "../queries";
import { isGoing } from "../run-state";
import styles from "../training.module.css";

/** Step, loss and time left, large enough to read from across the room. */
export function Vitals({ run, latest }: { readonly run: TrainingRun; readonly latest: Report | undefined }) {
  const words = useWords();
  const step = Math.max(run.step, latest?.step ?? 0);
  const loss = latest?.loss ?? run.loss;
  const left = latest?.secondsLeft ?? run.seconds_left;
  return (
    <div className={styles.vitals}>
      <div className={styles.numbers}>
        <strong>{words.say("training.step", { step, steps: run.steps })}</strong>
        {loss !== null && (
          <span>
            {words.say("training.loss.now")} <b className="mono">{measure(loss, words.locale)}</b>
          </span>
        )}
        {isGoing(run) && left !== null && <span>{words.say("training.left", { time: duration(left) })}</span>}
      </div>
      <Meter label={words.say("training.progress")} part={step / Math.max(1, run.steps)} tone={run.state === "failed" ? "bad" : "main"} />
    </div>
  );
}
