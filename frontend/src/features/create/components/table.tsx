import type { Generation } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { CropFrame } from "@/ui/crop-frame";
import { Keys } from "@/ui/keys";
import styles from "../create.module.css";
import { Result } from "./result";

interface Props {
  readonly project: string;
  readonly shown: string | undefined;
  readonly onAgain: (generation: Generation, isSameSeed: boolean) => void;
}

/** The light table in the middle: one picture at a time. */
export function Table({ project, shown, onAgain }: Props) {
  const words = useWords();
  return (
    <section className={styles.table} aria-label={words.say("create.result")}>
      {shown === undefined ? (
        <div className={styles.result}>
          <CropFrame>
            <div className={styles.invitation}>
              <h2>{words.say("create.empty.title")}</h2>
              <p>{words.say("create.empty.text")}</p>
              <Keys keys={["Ctrl / ⌘", "Enter"]} />
            </div>
          </CropFrame>
        </div>
      ) : (
        <Result key={shown} project={project} id={shown} onAgain={onAgain} />
      )}
    </section>
  );
}
