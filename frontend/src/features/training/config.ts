/* The start form's values and the configuration that comes of them; pure. */
import type { TrainConfig } from "@/api/types";

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
  /** One prompt a line; the trigger word goes before each by itself. */
  readonly samples: string;
}

export const FIRST: StartForm = { name: "", dataset: "", base: "", trigger: "", steps: 400, rank: 8, rate: 0.0005, batch: 4, sampleEvery: 100, seed: 1, samples: "" };

export function configFor(form: StartForm): TrainConfig {
  return {
    steps: form.steps,
    learning_rate: form.rate,
    rank: form.rank,
    batch: form.batch,
    trigger: form.trigger.trim(),
    sample_every: form.sampleEvery,
    seed: form.seed,
    sample_prompts: promptsIn(form.samples),
  };
}

const MOST_SAMPLES = 8;

export function promptsIn(lines: string): string[] {
  return lines.split("\n").map((line) => line.trim()).filter((line) => line !== "").slice(0, MOST_SAMPLES);
}

export const isComplete = ({ name, dataset, base }: StartForm): boolean => [name.trim(), dataset, base].every((value) => value !== "");
