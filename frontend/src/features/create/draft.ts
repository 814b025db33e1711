/* What the form holds, and the order that comes of it; pure. */
import type { Asset, Generation, GenerationAsk, Model } from "@/api/types";
import { shortId } from "@/lib/format";

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
  readonly width: number;
  readonly height: number;
  readonly scheduler: Scheduler;
  readonly count: number;
}

export type Scheduler = NonNullable<GenerationAsk["scheduler"]>;
/** Every scheduler that the service knows; the schema's own list decides whether this one is whole. */
const KNOWN: Readonly<Record<Scheduler, true>> = { default: true, ddim: true, euler: true, euler_a: true, dpmpp_2m: true, dpmpp_2m_karras: true, unipc: true };
export const SCHEDULERS = Object.keys(KNOWN) as readonly Scheduler[];
const isScheduler = (name: unknown): name is Scheduler => typeof name === "string" && Object.hasOwn(KNOWN, name);

export const EMPTY: Draft = {
  prompt: "",
  negative: "",
  base: "",
  weights: {},
  seed: 0,
  isSeedKept: false,
  steps: 20,
  guidance: 6,
  width: 0,
  height: 0,
  scheduler: "default",
  count: 1,
};

/** A seed is a JSON number, exact in every reader. */
export const LARGEST_SEED = Number.MAX_SAFE_INTEGER;

export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

const USUAL_SIDE = 512;
const [SMALLEST, LARGEST] = [64, 2048];

/** The sides to offer for a base, its own first, then a smaller and a larger one in whole blocks of what the model computes in. */
export function sizesFor(base: Pick<Model, "side"> | undefined): readonly [number, ...number[]] {
  const side = base?.side ?? USUAL_SIDE;
  const block = side < 256 ? 32 : 64;
  const others = [0.75, 1.25].map((part) => Math.round((side * part) / block) * block);
  return [side, ...others.filter((other) => other !== side && other >= SMALLEST && other <= LARGEST)];
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
    width: draft.width,
    height: draft.height,
    scheduler: draft.scheduler,
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
    width: made.width,
    height: made.height,
    scheduler: isScheduler(made.scheduler) ? made.scheduler : "default",
    count: 1,
  };
}

const numberIn = (record: Record<string, unknown>, key: string, otherwise: number): number => {
  const value = record[key];
  return typeof value === "number" ? value : otherwise;
};

/** Find the model that a fact names, by id or by the digest of its weights; one that is no longer here is left out. */
function named(models: readonly Model[], fact: string | Readonly<Record<string, unknown>>): Model | undefined {
  const names: readonly unknown[] = typeof fact === "string" ? [fact] : Object.values(fact);
  return models.find((model) => names.includes(model.id) || (model.digest !== "" && names.includes(model.digest)));
}

/** The scheduler that a record names; an older record names it plainly. */
function schedulerIn(record: Readonly<Record<string, unknown>>): Scheduler {
  const fact = record["scheduler"];
  const name = typeof fact === "object" && fact !== null && "name" in fact ? fact.name : fact;
  return isScheduler(name) ? name : "default";
}

export interface Recalled {
  readonly draft: Draft;
  /** What made the picture and cannot be used here now: its name where one is known, its id otherwise. */
  readonly missing: readonly string[];
}

/** The form as it stood when this picture was made, as far as its record and today's models tell, and what they lack. */
export function draftFromAsset(asset: Asset, { models, mayTry }: { readonly models: readonly Model[]; readonly mayTry: boolean }, draft: Draft): Recalled {
  const { record } = asset;
  const base = named(usableBases(models), asset.base);
  const usable = usableAdapters(models, { base: base?.id ?? "", mayTry });
  const adapters = asset.adapters.map((fact) => ({ fact, model: named(usable, fact), weight: numberIn(fact, "weight", 1) }));
  const lost = [...(base ? [] : [asset.base]), ...adapters.flatMap(({ fact, model }) => (model ? [] : [fact]))];
  const recalled = {
    ...draft,
    prompt: asset.prompt,
    negative: asset.negative,
    base: base?.id ?? draft.base,
    weights: Object.fromEntries(adapters.flatMap(({ model, weight }) => (model ? [[model.id, weight] as const] : []))),
    seed: asset.seed,
    isSeedKept: true,
    steps: numberIn(record, "steps", draft.steps),
    guidance: numberIn(record, "guidance", draft.guidance),
    width: asset.width,
    height: asset.height,
    scheduler: schedulerIn(record),
    count: 1,
  };
  return { draft: recalled, missing: lost.map((fact) => named(models, fact)?.name ?? idOf(fact)) };
}

/** The id by which a fact names a model that is not here any more. */
const idOf = (fact: string | Readonly<Record<string, unknown>>): string => shortId(typeof fact === "string" ? fact : String(fact["model"] ?? fact["digest"] ?? "?"));
