import type { Provider } from "@/api/types";

/** A name as a part of an address, as the service makes it. */
export function slugOf(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "");
  return plain.slice(0, 63).replaceAll(/-+$/g, "");
}

export interface OurSide {
  readonly redirect_uri: string;
  readonly backchannel_logout_uri: string;
  readonly post_logout_redirect_uri: string;
  readonly sign_in_uri: string;
  readonly entity_id: string;
  readonly acs_url: string;
  readonly sls_url: string;
  readonly certificate: string;
}

/** What is entered at a provider that is not saved yet; `home` is the studio's own address without a slash at its end. */
export function ourSide(home: string, protocol: Provider["protocol"], slug: string): OurSide {
  const at = `${home}/_allauth/${protocol}/${slug}`;
  const none = { redirect_uri: "", backchannel_logout_uri: "", post_logout_redirect_uri: "", entity_id: "", acs_url: "", sls_url: "", certificate: "" };
  return protocol === "oidc"
    ? { ...none, redirect_uri: `${at}/login/callback/`, backchannel_logout_uri: `${at}/logout/`, post_logout_redirect_uri: `${home}/sign-in`, sign_in_uri: `${at}/login/` }
    : { ...none, entity_id: `${at}/metadata/`, acs_url: `${at}/acs/`, sls_url: `${at}/sls/`, sign_in_uri: `${at}/login/` };
}
