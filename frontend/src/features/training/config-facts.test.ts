import { expect, it } from "vitest";
import { english } from "@/lib/words/words";
import type { RUN } from "@/testing/fixtures";
import { configFacts } from "./config-facts";

const said = (config: object) => configFacts(config as typeof RUN.config, english).map(({ name, value, isRaw }) => [name, value, isRaw]);

it("gives every known name words", () => {
  const config: Required<typeof RUN.config> = {
    steps: 300, learning_rate: 0.002, rank: 8, alpha: 0, batch: 4, resolution: 0, trigger: "", caption_dropout: 0.1, min_snr_gamma: 0, held_out: 0.15, seed: 0,
    sample_every: 50, sample_prompts: ["a house"], sample_steps: 20, sample_guidance: 4,
  }; // prettier-ignore
  expect(configFacts(config, english).filter(({ isRaw }) => isRaw)).toEqual([]);
  expect(said({ alpha: 0, seed: 0, min_snr_gamma: 0 })).toEqual([["Alpha", "As rank", false], ["Seed", "0", false], ["Min-SNR gamma", "Off", false]]);
});

it("leaves a name that it does not know as the record has it", () => {
  expect(said({ novel_thing: 3 })).toEqual([["novel_thing", "3", true]]);
});
