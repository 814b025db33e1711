/* A limit as it is filled in, and what is asked of the service; pure. No list is every one, an empty list is none. */
import type { Allowance, LimitsAsk } from "@/api/types";

export const FEATURES = ["text_to_image", "training", "replay"] as const;
export const LISTS = ["bases", "adapters", "features"] as const;

export interface Draft {
  readonly bases: ReadonlySet<string> | null;
  readonly adapters: ReadonlySet<string> | null;
  readonly features: ReadonlySet<string> | null;
  readonly pictures: number | undefined;
  readonly seconds: number | undefined;
}

export const EMPTY: Draft = { bases: null, adapters: null, features: null, pictures: undefined, seconds: undefined };

const setOf = (list: readonly string[] | null | undefined): ReadonlySet<string> | null => (list ? new Set(list) : null);

export function draftOf({ bases, adapters, features, pictures_a_day: pictures, device_seconds_a_day: seconds }: Allowance): Draft {
  return { bases: setOf(bases), adapters: setOf(adapters), features: setOf(features), pictures: pictures ?? undefined, seconds: seconds ?? undefined };
}

export function limitsOf({ bases, adapters, features, pictures, seconds }: Draft): LimitsAsk {
  return {
    bases: bases && [...bases],
    adapters: adapters && [...adapters],
    features: features && FEATURES.filter((one) => features.has(one)),
    pictures_a_day: pictures ?? null,
    device_seconds_a_day: seconds ?? null,
  };
}

/** Whom it is for: nobody named is everybody. */
export function holderOf(holder: string): { readonly person: string | null; readonly group: string | null } {
  const [kind, id = ""] = holder.split(":");
  return { person: kind === "person" ? id : null, group: kind === "group" ? id : null };
}
