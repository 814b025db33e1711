import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useExplain } from "@/api/explain";
import type { DatasetItem, RightsBasis } from "@/api/types";
import { upload } from "@/api/upload";
import { type Chosen, type Upload, changed, pair } from "./uploads";

const AT_ONCE = 3;

/** Sends files a few at a time; each says how far it is, and why it was refused. The others go on. */
export function useUploads({ project, dataset, rights }: { readonly project: string; readonly dataset: string; readonly rights: RightsBasis }) {
  const client = useQueryClient();
  const explain = useExplain();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const waiting = useRef<(Chosen & { readonly key: string; readonly rights: RightsBasis })[]>([]);
  const busy = useRef(0);
  const made = useRef(0);

  const set = (key: string, part: Partial<Upload>) => {
    setUploads((was) => changed(was, key, part));
  };
  const sendNext = async (): Promise<void> => {
    const next = waiting.current.shift();
    if (!next) return;
    const { key } = next;
    busy.current += 1;
    set(key, { state: "sending" });
    try {
      const form = new FormData();
      const note = await next.note?.text();
      if (note) form.set("caption", note.trim());
      form.set("rights", next.rights);
      form.set("file", next.picture, next.picture.name);
      await upload<DatasetItem>(`/api/v1/projects/${project}/datasets/${dataset}/items`, form, { progress: (part) => { set(key, { part }); } });
      set(key, { state: "sealed", part: 1 });
    } catch (error) {
      set(key, { state: "refused", part: 1, why: explain(error) });
    }
    busy.current -= 1;
    void client.invalidateQueries({ queryKey: ["dataset-items", project, dataset] });
    if (waiting.current.length === 0 && busy.current === 0) void client.invalidateQueries({ queryKey: ["datasets", project] });
    await sendNext();
  };
  const add = (files: readonly File[]) => {
    const fresh = pair(files).map((chosen) => ({ ...chosen, rights, key: String(made.current++) }));
    waiting.current.push(...fresh);
    setUploads((was) => [...was, ...fresh.map(({ key, picture }) => ({ key, name: picture.name, state: "waiting" as const, part: 0 }))]);
    for (let lane = busy.current; lane < AT_ONCE; lane += 1) void sendNext();
  };
  const clear = () => {
    setUploads((was) => was.filter(({ state }) => state === "waiting" || state === "sending"));
  };
  return { uploads, add, clear };
}
