/* Passwords and proved addresses, by the sign-in library's own routes; a link's key stands behind # and is sent in a body alone. */
import { ApiError } from "./client";
import { library } from "./sign-in";

/** The library answers 401 where all went well and nobody is signed in by it. */
async function unlessSignedOut(asked: Promise<unknown>): Promise<void> {
  try {
    await asked;
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  }
}

/** Ask for a link to set a new password; the answer is the same for an address that nobody has. */
export const askForPassword = (email: string): Promise<void> => unlessSignedOut(library("POST", "auth/password/request", { email }));
/** Set a password by the key of a link, which then counts no more. */
export const setPassword = (key: string, password: string): Promise<void> => unlessSignedOut(library("POST", "auth/password/reset", { key, password }));
/** Prove an address by the key of a link. */
export const proveAddress = (key: string): Promise<void> => unlessSignedOut(library("POST", "auth/email/verify", { key }));
/** Change one's own password; all other sessions end. */
export const changePassword = (current: string, next: string): Promise<unknown> => library("POST", "account/password/change", { current_password: current, new_password: next });
