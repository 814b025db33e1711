/* Where a review stands, and the day that it is due; pure. */
import type { AccessReview, ReviewEvidence } from "@/api/types";

export type Standing = "open" | "overdue" | "closed";

export function standingOf({ closed, due }: Pick<AccessReview, "closed" | "due">, now: number = Date.now()): Standing {
  if (closed !== null) return "closed";
  return Date.parse(due) < now ? "overdue" : "open";
}

/** How much of it is decided, from 0 to 1; one over nothing is whole. */
export function shareOf({ confirmed, revoked, open }: Pick<ReviewEvidence, "confirmed" | "revoked" | "open">): number {
  const all = confirmed + revoked + open;
  return all === 0 ? 1 : (confirmed + revoked) / all;
}

/** A day as `YYYY-MM-DD`, so many days from now, where the person is. */
export function dayIn(days: number, now: Date = new Date()): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** The end of a day, where the person is. */
export const endOf = (day: string): string => new Date(`${day}T23:59:59`).toISOString();
