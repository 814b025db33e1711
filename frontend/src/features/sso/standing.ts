import type { Provider } from "@/api/types";

/** How a provider stands: people sign in by it, it may be enabled, or it has to be tested first. */
export function standing(provider: Pick<Provider, "is_enabled" | "tested">): "enabled" | "tested" | "untested" {
  if (provider.is_enabled) return "enabled";
  return provider.tested === null ? "untested" : "tested";
}

/** Claims as lines of text, each name once, in the order of their names. */
export function linesOf(claims: Readonly<Record<string, unknown>>): readonly { readonly name: string; readonly value: string }[] {
  return Object.entries(claims)
    .map(([name, value]) => ({ name, value: typeof value === "string" ? value : JSON.stringify(value) }))
    .sort((one, other) => one.name.localeCompare(other.name));
}
