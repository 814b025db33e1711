/*
 * What this browser kept of a studio's log: its key, pinned when first seen, and the newest checkpoint that held.
 * So a log that was rewritten, or answers with another key, is noticed here even if it is consistent in itself.
 * It is kept by the studio, never by the name that the log gives itself: a log put in its place bears any name it likes.
 */
export interface Kept {
  readonly vkey: string;
  readonly checkpoint: string;
}

const keyOf = (tenant: string): string => `guildhall.log.${tenant}`;

export function recall(tenant: string, store: Storage = localStorage): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(store.getItem(keyOf(tenant)) ?? "null");
    const isKept = typeof kept === "object" && kept !== null && "vkey" in kept && "checkpoint" in kept;
    return isKept ? { vkey: String(kept.vkey), checkpoint: String(kept.checkpoint) } : undefined;
  } catch {
    return undefined;
  }
}

export function keep(tenant: string, kept: Kept, store: Storage = localStorage): void {
  store.setItem(keyOf(tenant), JSON.stringify(kept));
}
