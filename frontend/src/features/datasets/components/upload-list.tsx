import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { Row } from "@/ui/row";
import { StateMark } from "@/ui/state-mark";
import styles from "../datasets.module.css";
import { similarAmong } from "../likeness";
import { useItems } from "../queries";
import { type Upload, counts, inOrder } from "../uploads";
import { UploadLine } from "./upload-line";

interface Props {
  readonly project: string;
  readonly dataset: string;
  readonly uploads: readonly Upload[];
  readonly onClear: () => void;
}

export function UploadList({ project, dataset, uploads, onClear }: Props) {
  const words = useWords();
  const known = useItems(project, dataset).data?.pages.flatMap((page) => page.results) ?? [];
  const { sealed, refused, waiting } = counts(uploads);
  const summary = (
    <Row>
      {sealed > 0 && <StateMark tone="good">{words.count("datasets.uploads.done", sealed)}</StateMark>}
      {refused > 0 && <StateMark tone="bad">{words.count("datasets.uploads.refused", refused)}</StateMark>}
      {waiting > 0 && <StateMark tone="wait" isMoving>{words.count("datasets.uploads.waiting", waiting)}</StateMark>}
      <Button size="small" tone="plain" onPress={onClear}>
        {words.say("datasets.uploads.clear")}
      </Button>
    </Row>
  );
  return (
    <Panel title={words.say("datasets.uploads")} beside={summary}>
      <ul className={styles.uploads}>
        {inOrder(uploads).map((upload) => (
          <UploadLine key={upload.key} upload={upload} similar={similarAmong(known, upload.similarTo)} />
        ))}
      </ul>
    </Panel>
  );
}
