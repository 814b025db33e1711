import { useState } from "react";
import type { RightsBasis } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Choice } from "@/ui/choice";
import { DropArea } from "@/ui/drop-area";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import styles from "../datasets.module.css";
import { useUploads } from "../use-uploads";
import { UploadList } from "./upload-list";

const BASES: readonly RightsBasis[] = ["own_work", "commissioned", "licensed", "public_domain", "open_licence", "unknown"];

export function UploadArea({ project, dataset }: { readonly project: string; readonly dataset: string }) {
  const words = useWords();
  const [rights, setRights] = useState<RightsBasis>("own_work");
  const { uploads, add, clear } = useUploads({ project, dataset, rights });
  return (
    <Stack>
      <div className={styles.bring}>
        <DropArea label={words.say("datasets.drop")} hint={words.say("datasets.drop.hint")} accept=".png,.jpg,.jpeg,.webp,.txt" onFiles={add} />
        <div className={styles.rights}>
          <Choice
            label={words.say("datasets.rights")}
            value={rights}
            options={BASES.map((basis) => ({ value: basis, label: words.say(`datasets.rights.${basis}`) }))}
            onChange={(value) => { setRights(BASES.find((basis) => basis === value) ?? "unknown"); }}
          />
          {rights === "unknown" && <Notice tone="wait">{words.say("datasets.rights.warn")}</Notice>}
        </div>
      </div>
      {uploads.length > 0 && <UploadList uploads={uploads} onClear={clear} />}
    </Stack>
  );
}
