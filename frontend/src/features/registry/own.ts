/* Whose candidate it is; pure. */
import type { Model } from "@/api/types";

/** Did this person train it, and is it measured, so that it waits for somebody else? */
export function isOwn({ evaluation, trained_by: by }: Pick<Model, "evaluation" | "trained_by">, person: string | undefined): boolean {
  return evaluation !== null && by !== null && by === person;
}
