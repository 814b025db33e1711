import type { Word } from "@/lib/words/words";
import type { IconName } from "@/ui/icon";

export interface Room {
  readonly path: string;
  readonly word: Word & `nav.${string}`;
  readonly icon: IconName;
  /** The letter after g. */
  readonly key?: string;
  readonly startsGroup?: boolean;
}

type PlainNav = "nav.create" | "nav.gallery" | "nav.datasets" | "nav.training" | "nav.models" | "nav.ledger" | "nav.exit" | "nav.tokens";
export const ROOMS: readonly (Room & { readonly word: PlainNav })[] = [
  { path: "create", word: "nav.create", icon: "create", key: "c" },
  { path: "gallery", word: "nav.gallery", icon: "gallery", key: "g" },
  { path: "datasets", word: "nav.datasets", icon: "datasets", key: "d", startsGroup: true },
  { path: "training", word: "nav.training", icon: "training", key: "t" },
  { path: "models", word: "nav.models", icon: "models", key: "m" },
  { path: "ledger", word: "nav.ledger", icon: "ledger", key: "l", startsGroup: true },
  { path: "exit", word: "nav.exit", icon: "exit", key: "x" },
  { path: "tokens", word: "nav.tokens", icon: "tokens" },
];
