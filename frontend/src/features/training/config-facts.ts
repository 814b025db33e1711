/* A run's configuration as people read it; pure. Names that the catalogue does not know stay as the record has them. */
import type { TrainingRun } from "@/api/types";
import type { Words } from "@/lib/words/words";

export interface ConfigFact {
  readonly name: string;
  readonly value: string;
  /** The name is the record's own. */
  readonly isRaw: boolean;
  /** The value is a word of ours and no number. */
  readonly isWord: boolean;
}

export function configFacts(config: TrainingRun["config"], words: Words): readonly ConfigFact[] {
  return Object.entries(config)
    .filter(([, value]) => !Array.isArray(value))
    .map(([key, value]) => {
      const name = words.find(`training.config.${key}`);
      const said = wordFor(key, value, words);
      return { name: name ?? key, isRaw: name === undefined, value: said ?? String(value), isWord: said !== undefined };
    });
}

/** Zero and nothing often mean something of their own. */
function wordFor(key: string, value: unknown, words: Words): string | undefined {
  if (value === 0) return words.find(`training.config.${key}.zero`);
  return value === "" ? words.find(`training.config.${key}.none`) : undefined;
}
