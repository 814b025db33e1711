import type { ProvisioningToken } from "@/api/types";

/** Whether a token opens anything: revoked and expired ones do not. */
export function tokenState({ revoked, expires }: Pick<ProvisioningToken, "revoked" | "expires">, now: number = Date.now()): "active" | "revoked" | "expired" {
  if (revoked !== null) return "revoked";
  return Date.parse(expires) <= now ? "expired" : "active";
}
