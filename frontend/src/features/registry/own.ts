/* Whose candidate it is; pure. */
import type { Model } from "@/api/types";

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** Did this person train it? Where the service tells only a name: whoever may decide, yet not on this measured one, did. */
export function isOwn({ evaluation, trained_by: by }: Pick<Model, "evaluation" | "trained_by">, person: string | undefined): boolean {
  return evaluation !== null && (isId(by) ? by === person : true);
}
