/* What the form holds, and the order that comes of it; pure. */
import type { Asset, Generation, GenerationAsk, Model } from "@/api/types";

export interface Draft {
  readonly prompt: string;
  readonly negative: string;
  readonly base: string;
  /** Model id → weight; only chosen models are in here. */
  readonly weights: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly isSeedKept: boolean;
  readonly steps: number;
  readonly guidance: number;
  readonly size: number;
  readonly count: number;
}

export const EMPTY: Draft = {
  prompt: "",
  negative: "",
  base: "",
  weights: {},
  seed: 0,
  isSeedKept: false,
  steps: 20,
  guidance: 6,
  size: 0,
  count: 1,
};

const SEED_BITS = 32;
export const LARGEST_SEED = 2 ** SEED_BITS - 1;

export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

/** The sizes to offer for a base, its own first. The family tells it, but for small bases such as the starter, which say so in their name. */
export function sizesFor(base: Pick<Model, "family" | "name"> | undefined): readonly number[] {
  if (!base || /starter|toy|64/i.test(base.name)) return [96, 64, 128];
  if (/xl/i.test(base.family)) return [1024, 768, 512];
  return /2/.test(base.family) ? [768, 512, 384] : [512, 768, 384];
}

/** Which of the models may be used in a request here: approved ones, and candidates as trials for those who may. */
export function usableAdapters(models: readonly Model[], { base, mayTry }: { readonly base: string; readonly mayTry: boolean }): readonly Model[] {
  return models.filter(
    (model) =>
      model.kind !== "base" &&
      (model.state === "approved" || (mayTry && model.state === "candidate")) &&
      (model.base === null || base === "" || model.base === base),
  );
}

export function usableBases(models: readonly Model[]): readonly Model[] {
  return models.filter((model) => model.kind === "base" && model.state === "approved");
}

/** The order to send: a seed only when it is kept, so that the service draws the others. */
export function askFor(draft: Draft): GenerationAsk {
  return {
    prompt: draft.prompt.trim(),
    negative: draft.negative.trim(),
    base: draft.base,
    adapters: Object.entries(draft.weights).map(([model, weight]) => ({ model, weight })),
    seed: draft.isSeedKept ? draft.seed : null,
    steps: draft.steps,
    guidance: draft.guidance,
    width: draft.size,
    height: draft.size,
    count: draft.isSeedKept ? 1 : draft.count,
  };
}

/** The form as it stood for this request, its seed kept: "again with the same seed". */
export function draftAgain(made: Generation, draft: Draft): Draft {
  return {
    ...draft,
    prompt: made.prompt,
    negative: made.negative,
    base: made.base,
    weights: Object.fromEntries(made.adapters.map(({ model, weight }) => [model, weight])),
    seed: made.seed,
    isSeedKept: true,
    steps: made.steps,
    guidance: made.guidance,
    size: made.width,
    count: 1,
  };
}

const numberIn = (record: Record<string, unknown>, key: string, otherwise: number): number => {
  const value = record[key];
  return typeof value === "number" ? value : otherwise;
};

/** Find the model that a fact names, by id or by the digest of its weights; one that is no longer here is left out. */
function named(models: readonly Model[], fact: string | Readonly<Record<string, unknown>>): string | undefined {
  const names: readonly unknown[] = typeof fact === "string" ? [fact] : Object.values(fact);
  return models.find((model) => names.includes(model.id) || (model.digest !== "" && names.includes(model.digest)))?.id;
}

/** The form as it stood when this picture was made, as far as its record and today's models tell. */
export function draftFromAsset(asset: Asset, models: readonly Model[], draft: Draft): Draft {
  const record = asset.record;
  const weights = asset.adapters.flatMap((adapter) => {
    const model = named(models, adapter);
    return model === undefined ? [] : [[model, numberIn(adapter, "weight", 1)] as const];
  });
  return {
    ...draft,
    prompt: asset.prompt,
    negative: asset.negative,
    base: named(models, asset.base) ?? draft.base,
    weights: Object.fromEntries(weights),
    seed: asset.seed,
    isSeedKept: true,
    steps: numberIn(record, "steps", draft.steps),
    guidance: numberIn(record, "guidance", draft.guidance),
    size: asset.width,
    count: 1,
  };
}
