import type { Generation } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Empty } from "@/ui/empty";
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
        <Empty title={words.say("create.empty.title")} text={words.say("create.empty.text")} />
      ) : (
        <Result key={shown} project={project} id={shown} onAgain={onAgain} />
      )}
    </section>
  );
}
