import { useWords } from "@/lib/words/context";
import styles from "../datasets.module.css";
import { type Similar, anchorOf } from "../likeness";

interface Props {
  readonly similar: Similar;
  /** Whether it stands in the list of uploads, which says that the file was taken, too. */
  readonly isUpload?: boolean;
}

/** Says which older picture this one looks like, and leads there. Both stay: the person judges. */
export function SimilarTo({ similar: { id, name }, isUpload }: Props) {
  const words = useWords();
  const stem = isUpload ? "datasets.uploads.similar" : "datasets.similar";
  if (name === undefined || name === "") return <span className={styles.similar}>{words.say(`${stem}_unnamed`)}</span>;
  return (
    <a className={styles.similar} href={`#${anchorOf(id)}`}>
      {words.say(stem, { name })}
    </a>
  );
}
