/* The review's state that belongs to the address: which requests are listed. */
import type { Generation } from "@/api/types";

export const STATES = ["queued", "running", "completed", "withheld", "refused", "failed", "cancelled"] as const satisfies readonly Generation["state"][];

export interface ReviewSearch {
  readonly state?: Generation["state"];
}

export function readSearch(search: Readonly<Record<string, unknown>>): ReviewSearch {
  const state = STATES.find((one) => one === search["state"]);
  return state ? { state } : {};
}
