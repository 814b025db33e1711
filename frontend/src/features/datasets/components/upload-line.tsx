import { percent } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Meter } from "@/ui/meter";
import styles from "../datasets.module.css";
import type { Similar } from "../likeness";
import type { Upload } from "../uploads";
import { SimilarTo } from "./similar-to";

export function UploadLine({ upload, similar }: { readonly upload: Upload; readonly similar: Similar | undefined }) {
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
      <span className={styles.says}>{similar ? <SimilarTo similar={similar} isUpload /> : says}</span>
    </li>
  );
}
