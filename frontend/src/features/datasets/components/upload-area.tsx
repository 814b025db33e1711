import { useState } from "react";
import type { RightsBasis } from "@/api/types";
import { useWords } from "@/lib/words/context";
import type { Brought } from "@/ui/brought";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { DropArea } from "@/ui/drop-area";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import styles from "../datasets.module.css";
import { pair } from "../uploads";
import { useUploads } from "../use-uploads";
import { UploadList } from "./upload-list";

const BASES: readonly RightsBasis[] = ["own_work", "commissioned", "licensed", "public_domain", "open_licence", "unknown"];

/** The rights basis is a legal statement: the person makes it, and nothing is sent before. */
export function UploadArea({ project, dataset }: { readonly project: string; readonly dataset: string }) {
  const words = useWords();
  const [rights, setRights] = useState<RightsBasis>();
  const [held, setHeld] = useState<readonly Brought[]>([]);
  const { uploads, add, clear } = useUploads({ project, dataset });
  const take = (files: readonly Brought[]) => {
    if (rights === undefined || held.length > 0) setHeld((was) => [...was, ...files]);
    else add(files, rights);
  };
  const start = () => {
    if (rights === undefined) return;
    add(held, rights);
    setHeld([]);
  };
  return (
    <Stack>
      <div className={styles.bring}>
        <DropArea label={words.say("datasets.drop")} hint={words.say("datasets.drop.hint")} folderLabel={words.say("datasets.drop.folder")} accept=".png,.jpg,.jpeg,.webp,.txt" onFiles={take} />
        <div className={styles.rights}>
          <Choice
            label={words.say("datasets.rights")}
            value={rights ?? ""}
            options={[{ value: "", label: words.say("datasets.rights.choose"), disabled: true }, ...BASES.map((basis) => ({ value: basis, label: words.say(`datasets.rights.${basis}`) }))]}
            onChange={(value) => { setRights(BASES.find((basis) => basis === value)); }}
          />
          {rights === "unknown" && <Notice tone="wait">{words.say("datasets.rights.warn")}</Notice>}
          {held.length > 0 && (
            <Notice tone="wait" title={words.count("datasets.held", pair(held).length)}>
              {rights === undefined && words.say("datasets.held.text")}
            </Notice>
          )}
          {held.length > 0 && (
            <Button tone="main" icon="upload" isOff={rights === undefined} onPress={start}>
              {words.say("datasets.held.go")}
            </Button>
          )}
        </div>
      </div>
      {uploads.length > 0 && <UploadList project={project} dataset={dataset} uploads={uploads} onClear={clear} />}
    </Stack>
  );
}
