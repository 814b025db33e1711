/* Which models made a picture, by the names that the project knows them by; pure. */
import type { Asset, Model } from "@/api/types";
import { shortId } from "@/lib/format";

export interface MadeWith {
  readonly id: string;
  /** Its name; the first letters of its id where the project does not know it. */
  readonly name: string;
  readonly weight: number;
}

const nameOf = (models: readonly Pick<Model, "id" | "name">[], id: string): string => models.find((model) => model.id === id)?.name ?? shortId(id);

export function madeWith(asset: Pick<Asset, "base" | "adapters">, models: readonly Pick<Model, "id" | "name">[]): { readonly base: string; readonly models: readonly MadeWith[] } {
  const used = asset.adapters.map((fact) => ({ id: String(fact["model"]), weight: Number(fact["weight"]) }));
  return { base: nameOf(models, asset.base), models: used.map(({ id, weight }) => ({ id, name: nameOf(models, id), weight })) };
}
