import { percent } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Meter } from "@/ui/meter";
import { Panel } from "@/ui/panel";
import { Row } from "@/ui/row";
import { StateMark } from "@/ui/state-mark";
import styles from "../datasets.module.css";
import { type Upload, counts } from "../uploads";

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
        {uploads.map((upload) => (
          <UploadLine key={upload.key} upload={upload} />
        ))}
      </ul>
    </Panel>
  );
}

function UploadLine({ upload }: { readonly upload: Upload }) {
  const words = useWords();
  const says = {
    waiting: words.say("datasets.uploads.in_line"),
    sending: percent(upload.part, words.locale),
    sealed: words.say("datasets.uploads.sealed"),
    refused: upload.why ?? "",
  }[upload.state];
  return (
    <li className={styles.upload} data-state={upload.state}>
      <span translate="no">{upload.name}</span>
      <Meter isSlim label={words.say("datasets.uploads.label", { name: upload.name })} part={upload.part} tone={upload.state === "refused" ? "bad" : "main"} />
      <span className={styles.says}>{says}</span>
    </li>
  );
}
