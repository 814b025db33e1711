import { type DragEvent, type ReactNode, useRef, useState } from "react";
import styles from "./drop-area.module.css";
import { Icon } from "./icon";

interface Props {
  readonly label: string;
  readonly hint: string;
  readonly accept: string;
  readonly onFiles: (files: readonly File[]) => void;
  readonly children?: ReactNode;
}

/** A place to drop files, or to press and choose them. */
export function DropArea({ label, hint, accept, onFiles, children }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    onFiles([...event.dataTransfer.files]);
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
        <input
          ref={input}
          className={styles.input}
          type="file"
          multiple
          accept={accept}
          onChange={(event) => {
            onFiles([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
      </label>
      {children}
    </div>
  );
}
