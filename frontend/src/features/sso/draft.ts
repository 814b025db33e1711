/* A provider that is being set up. While it is tested the browser is away, so its draft is kept in the tab: never its secret, nor its metadata. */
import type { ProviderAsk } from "@/api/types";

export type Draft = Required<Omit<ProviderAsk, "slug">>;
/** What is kept of it: the rest waits, sealed, at the service under the test's name. */
export type Kept = Omit<Draft, "client_secret" | "metadata">;
const KEY = "guildhall.provider";

export const EMPTY: Draft = { name: "", protocol: "oidc", issuer: "", metadata_url: "", metadata: "", client_id: "", client_secret: "", email_claim: "email", name_claim: "name", groups_claim: "groups", is_joining: false };

export function keep(test: string, draft: Draft): void {
  const { name, protocol, issuer, metadata_url, client_id, email_claim, name_claim, groups_claim, is_joining } = draft;
  const kept: Kept = { name, protocol, issuer, metadata_url, client_id, email_claim, name_claim, groups_claim, is_joining };
  sessionStorage.setItem(KEY, JSON.stringify({ test, kept }));
}

/** The draft that this very test was begun for, if this tab began it. */
export function keptFor(test: string): Kept | undefined {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as { readonly test: string; readonly kept: Kept } | null;
    return found?.test === test ? found.kept : undefined;
  } catch {
    return undefined;
  }
}

export const forget = (): void => { sessionStorage.removeItem(KEY); };

/** Whether enough is written to ask the provider. */
export function isWhole(draft: Draft): boolean {
  const isDescribed = draft.metadata_url.trim() !== "" || draft.metadata !== "";
  return draft.name.trim() !== "" && isDescribed && draft.email_claim.trim() !== "" && (draft.protocol === "saml" || (draft.client_id.trim() !== "" && draft.client_secret !== ""));
}
