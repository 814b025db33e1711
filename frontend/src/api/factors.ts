/* One's own second factors: what there is, and adding and removing them. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError } from "./client";
import { makePasskey } from "./passkeys";
import { sessionQuery } from "./session";
import { library } from "./sign-in";

export interface Factor {
  readonly type: "totp" | "recovery_codes" | "webauthn";
  readonly id?: number;
  readonly name?: string;
  readonly created_at: number;
  readonly last_used_at: number | null;
  readonly total_code_count?: number;
  readonly unused_code_count?: number;
}

export interface Seed {
  readonly secret: string;
  readonly totp_url: string;
}

const KEY = ["factors"] as const;

export function useFactors() {
  return useQuery({ queryKey: KEY, queryFn: () => library<readonly Factor[]>("GET", "account/authenticators") });
}

/** The seed of a new authenticator app; the library tells it with a 404 while there is none. */
export async function newSeed(): Promise<Seed> {
  try {
    await library("GET", "account/authenticators/totp");
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return (error.problem as unknown as { readonly meta: Seed }).meta;
    throw error;
  }
  throw new Error("there is one already");
}

/** Add a passkey of this device; false when the person did not want to. */
async function addPasskey(name: string): Promise<boolean> {
  const { creation_options } = await library<{ readonly creation_options: { readonly publicKey: object } }>("GET", "account/authenticators/webauthn");
  const credential = await makePasskey(creation_options);
  if (credential === null) return false;
  await library("POST", "account/authenticators/webauthn", { name, credential });
  return true;
}

function useChange<Ask, Answer>(mutationFn: (ask: Ask) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: KEY });
      await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  });
}

export const useAddApp = () => useChange((code: string) => library("POST", "account/authenticators/totp", { code }));
export const useAddPasskey = () => useChange(addPasskey);
export const useNewRecoveryCodes = () => useChange<undefined, { readonly unused_codes: readonly string[] }>(() => library("POST", "account/authenticators/recovery-codes", {}));
export const useRemoveFactor = () =>
  useChange((factor: Factor) => (factor.type === "webauthn" ? library("DELETE", "account/authenticators/webauthn", { authenticators: [factor.id] }) : library("DELETE", "account/authenticators/totp")));
