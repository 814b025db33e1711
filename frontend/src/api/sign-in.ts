/* Signing in, and showing a second factor, by the sign-in library's own routes. */
import { ApiError, post, request } from "./client";
import { showPasskey } from "./passkeys";

const LIBRARY = "/_allauth/browser/v1";
export type FactorKind = "totp" | "recovery_codes" | "webauthn";

interface Flow {
  readonly id: string;
  readonly types?: readonly FactorKind[];
  readonly is_pending?: boolean;
}

interface Told {
  readonly errors?: readonly { readonly code: string; readonly param?: string }[];
  readonly data?: { readonly flows?: readonly Flow[] };
}

/** Signed in; or which second factors the account has to show one of; or its address is to be confirmed first, by the mail that was sent. */
export type Outcome = { readonly is: "in" } | { readonly is: "factor"; readonly kinds: readonly FactorKind[] } | { readonly is: "verify" } | { readonly is: "more" };

/** Ask a route of the library. */
export async function library<T = unknown>(method: "GET" | "POST" | "PUT" | "DELETE", route: string, body?: object): Promise<T> {
  try {
    const answer = await request(`${LIBRARY}/${route}`, {
      method,
      ...(body ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {}),
    });
    return ((await answer.json()) as { readonly data: T }).data;
  } catch (error) {
    throw error instanceof ApiError ? withCode(error) : error;
  }
}

function withCode(error: ApiError): ApiError {
  const code = (error.problem as Told).errors?.[0]?.code;
  return code ? new ApiError({ ...error.problem, code }) : error;
}

const flowsOf = (error: ApiError): readonly Flow[] => (error.problem as Told).data?.flows ?? [];

async function outcome(asked: Promise<unknown>): Promise<Outcome> {
  try {
    await asked;
    return { is: "in" };
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error;
    const flows = flowsOf(error);
    const factor = flows.find(({ id }) => id === "mfa_authenticate");
    if (factor) return { is: "factor", kinds: factor.types ?? [] };
    return { is: flows.some((flow) => flow.id === "verify_email" && flow.is_pending) ? "verify" : "more" };
  }
}

/** Sign in by e-mail and password. The CSRF cookie came with the page. */
export const signIn = (email: string, password: string): Promise<Outcome> => outcome(library("POST", "auth/login", { email, password }));

/** Show the second factor of a sign-in: a code of the app, or a recovery code. */
export const signInByCode = (code: string): Promise<Outcome> => outcome(library("POST", "auth/2fa/authenticate", { code }));

type Ceremony = "auth/webauthn/login" | "auth/webauthn/authenticate" | "auth/webauthn/reauthenticate";

async function byPasskey(route: Ceremony): Promise<boolean> {
  const { request_options } = await library<{ readonly request_options: { readonly publicKey: object } }>("GET", route);
  const credential = await showPasskey(request_options);
  if (credential === null) return false;
  await library("POST", route, { credential });
  return true;
}

/** Sign in by a passkey alone; false when the person did not want to. */
export const signInByPasskey = (): Promise<boolean> => byPasskey("auth/webauthn/login");
/** Show a passkey as the second factor of a sign-in. */
export const passkeyAsFactor = (): Promise<boolean> => byPasskey("auth/webauthn/authenticate");
/** Show a passkey again, for a deed that needs it fresh. */
export const stepUpByPasskey = (): Promise<boolean> => byPasskey("auth/webauthn/reauthenticate");
/** Show a code again, for a deed that needs it fresh. */
export const stepUpByCode = (code: string): Promise<unknown> => library("POST", "auth/2fa/reauthenticate", { code });
/** Show the password again, before a first factor is added. */
export const confirmPassword = (password: string): Promise<unknown> => library("POST", "auth/reauthenticate", { password });

/** Sign out; the answer says where to go so that the provider hears of it, and is empty where none has to. */
export async function signOut(): Promise<string> {
  try {
    return (await post("/api/v1/sign-out")).url;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return "";
    throw error;
  }
}
