import { type DragEvent, useState } from "react";
import { type Brought, chosenFiles, droppedFiles } from "./brought";
import styles from "./drop-area.module.css";
import { Icon } from "./icon";

interface Props {
  readonly label: string;
  readonly hint: string;
  readonly folderLabel: string;
  readonly accept: string;
  readonly onFiles: (files: readonly Brought[]) => void;
}

/** A place to drop files and folders, or to press and choose them. */
export function DropArea({ label, hint, folderLabel, accept, onFiles }: Props) {
  const [isOver, setIsOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void droppedFiles(event.dataTransfer).then(onFiles);
  };
  const choose = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) => {
    onFiles(chosenFiles(currentTarget.files));
    currentTarget.value = "";
  };
  return (
    <div
      className={styles.area}
      data-over={isOver ? "" : undefined}
      onDrop={drop}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => {
        setIsOver(false);
      }}
    >
      <label className={styles.label}>
        <Icon name="upload" size={26} />
        <strong>{label}</strong>
        <span>{hint}</span>
        <input className={styles.input} type="file" multiple accept={accept} onChange={choose} />
      </label>
      <label className={styles.folder}>
        {folderLabel}
        <input className={styles.input} type="file" multiple {...ANY_FOLDER} onChange={choose} />
      </label>
    </div>
  );
}

/** React's types do not know the attribute, although every browser does. */
const ANY_FOLDER = { webkitdirectory: "" };
