/* The start form's values and the configuration that comes of them; pure. */
import type { Model, TrainConfig } from "@/api/types";

export interface StartForm {
  readonly name: string;
  readonly dataset: string;
  readonly base: string;
  readonly trigger: string;
  readonly steps: number;
  readonly rank: number;
  readonly rate: number;
  readonly batch: number;
  readonly sampleEvery: number;
  readonly seed: number;
  /** The weight of easy noise levels is cut at this ratio; 0 cuts none. */
  readonly gamma: number;
  /** One prompt a line; the trigger word goes before each by itself. */
  readonly samples: string;
}

/** The service's own defaults, for a base that suggests nothing. */
export const FIRST: StartForm = { name: "", dataset: "", base: "", trigger: "", steps: 300, rank: 8, rate: 0.002, batch: 4, sampleEvery: 50, seed: 1, gamma: 5, samples: "" };

/** What the form starts from with this base: its own suggestions, where it has some. */
export function suggestedBy(base: Model | undefined): Partial<StartForm> {
  const { learning_rate: rate, min_snr_gamma: gamma, steps, rank } = suggestionsOf(base);
  return {
    ...(typeof rate === "number" ? { rate } : {}),
    ...(typeof gamma === "number" ? { gamma } : {}),
    ...(typeof steps === "number" ? { steps, sampleEvery: Math.max(1, Math.round(steps / SAMPLES_TAKEN)) } : {}),
    ...(typeof rank === "number" ? { rank } : {}),
  };
}

const SAMPLES_TAKEN = 6;

function suggestionsOf(base: Model | undefined): Readonly<Record<string, unknown>> {
  const told: unknown = base && "suggested" in base ? base.suggested : undefined;
  return typeof told === "object" && told !== null ? (told as Readonly<Record<string, unknown>>) : {};
}

export function configFor(form: StartForm): TrainConfig {
  return {
    steps: form.steps,
    learning_rate: form.rate,
    min_snr_gamma: form.gamma,
    rank: form.rank,
    batch: form.batch,
    trigger: form.trigger.trim(),
    sample_every: form.sampleEvery,
    seed: form.seed,
    sample_prompts: promptsIn(form.samples),
  };
}

export const MOST_SAMPLES = 8;

/** The lines as they were typed; empty ones are no prompts. */
export function promptsIn(lines: string): string[] {
  return lines.split("\n").filter((line) => line.trim() !== "");
}

export const isComplete = ({ name, dataset, base, samples }: StartForm): boolean =>
  [name.trim(), dataset, base].every((value) => value !== "") && promptsIn(samples).length <= MOST_SAMPLES;
