import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Notice } from "@/ui/notice";
import type { Recall } from "../use-draft";

/** What became of the picture that the address recalls: all of it, part of it, or nothing. */
export function RecallNotice({ recall }: { readonly recall: Recall }) {
  const words = useWords();
  const explain = useExplain();
  if (recall.error) return <Notice tone="bad" title={words.say("create.recall_failed")}>{explain(recall.error)}</Notice>;
  if (!recall.isDone) return null;
  if (recall.missing.length === 0) return <Notice tone="news">{words.say("create.recalled")}</Notice>;
  return <Notice tone="wait" title={words.say("create.recalled_part", { models: recall.missing.join(", ") })}>{words.say("create.recalled_part.text")}</Notice>;
}
