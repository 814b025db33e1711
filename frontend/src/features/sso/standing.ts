import type { Provider } from "@/api/types";

/** How a provider stands: people sign in by it, it may be enabled, or it has to be tested first. */
export function standing(provider: Pick<Provider, "is_enabled" | "is_tested_as_it_stands">): "enabled" | "tested" | "untested" {
  if (provider.is_enabled) return "enabled";
  return provider.is_tested_as_it_stands ? "tested" : "untested";
}

/** Claims as lines of text, each name once, in the order of their names. */
export function linesOf(claims: Readonly<Record<string, unknown>>): readonly { readonly name: string; readonly value: string }[] {
  return Object.entries(claims)
    .map(([name, value]) => ({ name, value: typeof value === "string" ? value : JSON.stringify(value) }))
    .sort((one, other) => one.name.localeCompare(other.name));
}
