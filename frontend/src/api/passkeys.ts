/* Passkeys: the service's options and the authenticator's answer, as WebAuthn writes both in JSON. */

interface Options {
  readonly publicKey: object;
}

/** Whether this browser can show a passkey at all. */
export const knowsPasskeys = (): boolean => typeof PublicKeyCredential !== "undefined" && typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function";

/** Show a passkey that the person has; null when she does not want to. */
export async function showPasskey(options: Options): Promise<object | null> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey as PublicKeyCredentialRequestOptionsJSON);
  return answerOf(await unlessRefused(navigator.credentials.get({ publicKey })));
}

/** Make a new passkey on this device; null when the person does not want to. */
export async function makePasskey(options: Options): Promise<object | null> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey as PublicKeyCredentialCreationOptionsJSON);
  return answerOf(await unlessRefused(navigator.credentials.create({ publicKey })));
}

async function unlessRefused(asked: Promise<Credential | null>): Promise<Credential | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError")) return null;
    throw error;
  }
}

const answerOf = (made: Credential | null): object | null => (made === null ? null : ((made as PublicKeyCredential).toJSON() as object));
