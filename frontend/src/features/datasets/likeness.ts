/* Near duplicates: which older picture a new one looks like, by the name that people gave it; pure. */
import type { DatasetItem } from "@/api/types";

/** For each item that looks like an older one, which. */
export type Likeness = Readonly<Record<string, string>>;

/** The older picture: its place in the list, and its name if the list shows it yet. */
export interface Similar {
  readonly id: string;
  readonly name: string | undefined;
}

export function similarAmong(items: readonly DatasetItem[], id: string | undefined): Similar | undefined {
  if (id === undefined) return undefined;
  return { id, name: items.find((item) => item.id === id)?.filename };
}

/** The address of an item inside its page. */
export const anchorOf = (id: string): string => `item-${id}`;
