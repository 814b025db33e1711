import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useExplain } from "@/api/explain";
import type { AddedItem, RightsBasis } from "@/api/types";
import { upload } from "@/api/upload";
import type { Brought } from "@/ui/brought";
import { useNoteLikeness } from "./queries";
import { type Chosen, type Upload, changed, pair } from "./uploads";

const AT_ONCE = 3;
/** A folder of hundreds must not read its list again for each of them. */
const REFRESH_MS = 4000;

interface Sent extends Chosen {
  readonly key: string;
  readonly rights: RightsBasis;
}

async function formOf({ picture, note, rights }: Sent): Promise<FormData> {
  const form = new FormData();
  const caption = await note?.text();
  if (caption) form.set("caption", caption.trim());
  form.set("rights", rights);
  form.set("file", picture.file, picture.file.name);
  return form;
}

/** Sends files a few at a time; each says how far it is, and why it was refused. The others go on. */
export function useUploads({ project, dataset }: { readonly project: string; readonly dataset: string }) {
  const client = useQueryClient();
  const explain = useExplain();
  const noteLikeness = useNoteLikeness(project, dataset);
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const waiting = useRef<Sent[]>([]);
  const busy = useRef(0);
  const made = useRef(0);
  const refreshed = useRef(0);

  const set = (key: string, part: Partial<Upload>) => {
    setUploads((was) => changed(was, key, part));
  };
  const refresh = () => {
    const isOver = waiting.current.length === 0 && busy.current === 0;
    if (!isOver && Date.now() - refreshed.current < REFRESH_MS) return;
    refreshed.current = Date.now();
    void client.invalidateQueries({ queryKey: ["dataset-items", project, dataset] });
    if (isOver) void client.invalidateQueries({ queryKey: ["datasets", project] });
  };
  const send = async (next: Sent): Promise<void> => {
    const { key } = next;
    set(key, { state: "sending" });
    try {
      const { id, similar_to: similarTo } = await upload<AddedItem>(`/api/v1/projects/${project}/datasets/${dataset}/items`, await formOf(next), { progress: (part) => { set(key, { part }); } });
      if (similarTo) noteLikeness(id, similarTo);
      set(key, { state: "sealed", part: 1, ...(similarTo ? { similarTo } : {}) });
    } catch (error) {
      set(key, { state: "refused", part: 1, why: explain(error) });
    }
  };
  const work = async (): Promise<void> => {
    busy.current += 1;
    for (let next = waiting.current.shift(); next; next = waiting.current.shift()) {
      await send(next);
      if (waiting.current.length > 0) refresh();
    }
    busy.current -= 1;
    refresh();
  };
  const add = (files: readonly Brought[], rights: RightsBasis) => {
    const fresh = pair(files).map((chosen) => ({ ...chosen, rights, key: String(made.current++) }));
    waiting.current.push(...fresh);
    setUploads((was) => [...was, ...fresh.map(({ key, picture }) => ({ key, name: picture.path, state: "waiting" as const, part: 0 }))]);
    const lanes = Math.min(AT_ONCE - busy.current, fresh.length);
    for (let lane = 0; lane < lanes; lane += 1) void work();
  };
  const clear = () => {
    setUploads((was) => was.filter(({ state }) => state === "waiting" || state === "sending"));
  };
  return { uploads, add, clear };
}
