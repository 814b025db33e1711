import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { Row } from "@/ui/row";
import { StateMark } from "@/ui/state-mark";
import styles from "../datasets.module.css";
import { type Upload, counts, inOrder } from "../uploads";
import { UploadLine } from "./upload-line";

export function UploadList({ uploads, onClear }: { readonly uploads: readonly Upload[]; readonly onClear: () => void }) {
  const words = useWords();
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
          <UploadLine key={upload.key} upload={upload} />
        ))}
      </ul>
    </Panel>
  );
}
