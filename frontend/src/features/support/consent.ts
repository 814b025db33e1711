import type { Consent } from "@/api/types";

/** Whether support may come in by a consent, did, or may no more. */
export function consentState({ ended, until, entered }: Pick<Consent, "ended" | "until" | "entered">, now: number = Date.now()): "open" | "entered" | "over" {
  if (ended !== null || Date.parse(until) <= now) return "over";
  return entered === null ? "open" : "entered";
}
