import { useState } from "react";
import { address } from "@/api/client";
import { useExplain } from "@/api/explain";
import type { DatasetItem } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Confirm } from "@/ui/confirm";
import { IconButton } from "@/ui/icon-button";
import { TextArea } from "@/ui/text-area";
import { useToast } from "@/ui/toasts";
import styles from "../datasets.module.css";
import { type Similar, anchorOf } from "../likeness";
import { useCaption, useRemoveItem } from "../queries";
import { SimilarTo } from "./similar-to";

interface Props {
  readonly project: string;
  readonly dataset: string;
  readonly item: DatasetItem;
  readonly number: number;
  readonly isOpen: boolean;
  readonly similar: Similar | undefined;
}

export function Item({ project, dataset, item, number, isOpen, similar }: Props) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const [caption, setCaption] = useState(item.caption);
  const [isRemoving, setIsRemoving] = useState(false);
  const save = useCaption(project, dataset);
  const removal = useRemoveItem(project, dataset);
  const failed = (error: Error) => { toast(explain(error), "bad"); };
  const leave = () => {
    if (caption === item.caption) return;
    save.mutate({ item: item.id, caption }, { onSuccess: () => { toast(words.say("datasets.caption.saved"), "good"); }, onError: failed });
  };
  return (
    <li className={styles.item} id={anchorOf(item.id)} tabIndex={-1}>
      <img loading="lazy" src={address(`/api/v1/projects/${project}/datasets/${dataset}/items/${item.id}/picture?size=thumb`)} alt={words.say("datasets.item", { number })} />
      {isOpen ? (
        <TextArea isLabelHidden label={words.say("datasets.caption", { number })} placeholder={words.say("datasets.caption.placeholder")} value={caption} rows={2} onChange={setCaption} onLeave={leave} />
      ) : (
        <p translate="no">{item.caption}</p>
      )}
      {similar && <SimilarTo similar={similar} />}
      <div className={styles.foot}>
        <span className={styles.faint}>{words.say(`datasets.rights.${item.rights}`)}</span>
        {isOpen && <IconButton size="small" icon="trash" label={words.say("datasets.remove", { number })} onPress={() => { setIsRemoving(true); }} />}
      </div>
      {isRemoving && (
        <Confirm
          title={words.say("datasets.remove.title", { number })}
          text={words.say("datasets.remove.text")}
          go={words.say("datasets.remove.go")}
          isBusy={removal.isPending}
          onGo={() => { removal.mutate(item.id, { onError: failed, onSettled: () => { setIsRemoving(false); } }); }}
          onClose={() => { setIsRemoving(false); }}
        />
      )}
    </li>
  );
}
