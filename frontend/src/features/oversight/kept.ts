/*
 * What this browser kept of a log: its key, pinned when first seen, and the newest checkpoint that held.
 * So a log that was rewritten, or answers with another key, is noticed here even if it is consistent in itself.
 */
export interface Kept {
  readonly vkey: string;
  readonly checkpoint: string;
}

const keyOf = (origin: string): string => `guildhall.log.${origin}`;

export function recall(origin: string, store: Storage = localStorage): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(store.getItem(keyOf(origin)) ?? "null");
    const isKept = typeof kept === "object" && kept !== null && "vkey" in kept && "checkpoint" in kept;
    return isKept ? { vkey: String(kept.vkey), checkpoint: String(kept.checkpoint) } : undefined;
  } catch {
    return undefined;
  }
}

export function keep(origin: string, kept: Kept, store: Storage = localStorage): void {
  store.setItem(keyOf(origin), JSON.stringify(kept));
}
