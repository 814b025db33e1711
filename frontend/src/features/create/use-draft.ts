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
  const side = sizesFor(base)[0];
  return { ...EMPTY, prompt, base: base?.id ?? "", width: side, height: side, seed: drawSeed(), weights };
}

interface Taken {
  readonly models?: readonly Model[];
  readonly asset?: Asset;
  readonly missing: readonly string[];
}

export interface Recall {
  readonly isDone: boolean;
  readonly error: Error | null;
  /** Models of the recalled picture that cannot be used here now. */
  readonly missing: readonly string[];
}

/** The form's state; a picture recalled by the address replaces it once. */
export function useDraft(project: string, { models, mayTry }: { readonly models: readonly Model[] | undefined; readonly mayTry: boolean }) {
  const { recall, model } = useSearch({ strict: false, select: (search: CreateSearch) => search });
  const recalled = useQuery({ ...assetQuery(project, recall ?? ""), enabled: recall !== undefined });
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [taken, setTaken] = useState<Taken>({ missing: [] });
  if (models && !taken.models) {
    setTaken({ models, missing: [] });
    setDraft(firstDraft(models, model));
  }
  if (models && taken.models && recalled.data && taken.asset?.id !== recalled.data.id) {
    const found = draftFromAsset(recalled.data, { models, mayTry }, draft);
    setTaken({ models, asset: recalled.data, missing: found.missing });
    setDraft(found.draft);
  }
  const recollection: Recall = { isDone: recall !== undefined && taken.asset !== undefined, error: recall === undefined || taken.asset ? null : recalled.error, missing: taken.missing };
  return { draft, setDraft, recall: recollection };
}
