import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { assetQuery } from "@/api/reads";
import type { Asset, Model } from "@/api/types";
import { type Draft, EMPTY, draftFromAsset, drawSeed, sizesFor, usableBases } from "./draft";
import type { CreateSearch } from "./routes";

/** The first draft: the only sensible base, its own size, a fresh seed, and the model that the address asks to try. */
function firstDraft(models: readonly Model[], wanted: string | undefined): Draft {
  const model = models.find(({ id }) => id === wanted && id !== undefined);
  const bases = usableBases(models);
  const base = bases.find(({ id }) => id === (model?.base ?? undefined)) ?? bases[0];
  const prompt = model?.trigger ? `${model.trigger} ` : "";
  const weights = model && model.kind !== "base" ? { [model.id]: 1 } : {};
  return { ...EMPTY, prompt, base: base?.id ?? "", size: sizesFor(base)[0] ?? 64, seed: drawSeed(), weights };
}

/** The form's state; a picture recalled by the address replaces it once. */
export function useDraft(project: string, models: readonly Model[] | undefined) {
  const { recall, model } = useSearch({ strict: false, select: (search: CreateSearch) => search });
  const recalled = useQuery({ ...assetQuery(project, recall ?? ""), enabled: recall !== undefined });
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [taken, setTaken] = useState<{ readonly models?: readonly Model[]; readonly asset?: Asset }>({});
  if (models && !taken.models) {
    setTaken({ models });
    setDraft(firstDraft(models, model));
  }
  if (models && taken.models && recalled.data && taken.asset?.id !== recalled.data.id) {
    setTaken({ models, asset: recalled.data });
    setDraft((was) => (recalled.data ? draftFromAsset(recalled.data, models, was) : was));
  }
  return { draft, setDraft, isRecalled: recall !== undefined && taken.asset !== undefined };
}
