/*
 * Reads signed notes and checkpoints (C2SP signed-note, tlog-checkpoint). Guarantees: a checkpoint is returned as
 * "signed" only when a signature line by the very key that was given verifies over the very text that was parsed.
 */
import { type Bytes, ProofError, fromBase64, isSame, sha256, toHex } from "./merkle";

const ED25519_NOTE = 1;

export interface VerifierKey {
  readonly name: string;
  readonly id: Bytes;
  readonly key: Bytes;
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
}

export type SignatureCheck = "ok" | "wrong" | "missing" | "unsupported";

/** Parse `<name>+<8 hex>+<base64(type ‖ key)>`, and check that the id belongs to the key. */
export async function readVerifierKey(text: string): Promise<VerifierKey> {
  const [, name, idHex, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? [];
  if (name === undefined || idHex === undefined || encoded === undefined) throw new ProofError("vkey_unreadable");
  const typed = fromBase64(encoded);
  if (typed[0] !== ED25519_NOTE || typed.length !== 33) throw new ProofError("vkey_unknown_type");
  const named = new TextEncoder().encode(`${name}\n`);
  const whole = new Uint8Array([...named, ...typed]);
  const id = (await sha256(whole)).slice(0, 4);
  if (toHex(id) !== idHex) throw new ProofError("vkey_wrong_id");
  return { name, id, key: typed.slice(1) };
}

/** Split a note at its last empty line into the signed text and the signature lines. */
export function splitNote(note: string): { readonly text: string; readonly signatures: readonly string[] } {
  const at = note.lastIndexOf("\n\n");
  if (at < 0) throw new ProofError("note_unsigned");
  const signatures = note.slice(at + 2).split("\n").filter((line) => line !== "");
  return { text: note.slice(0, at + 1), signatures };
}

/** Parse a checkpoint's body: origin, size, root. */
export function readCheckpoint(note: string): Checkpoint {
  const [origin, size, root] = splitNote(note).text.split("\n");
  if (!origin || size === undefined || !/^(0|[1-9]\d*)$/.test(size) || !root) throw new ProofError("checkpoint_unreadable");
  const bytes = fromBase64(root);
  if (bytes.length !== 32) throw new ProofError("checkpoint_unreadable");
  return { origin, size: Number(size), root: bytes };
}

/** Check the note's signature by this key. Lines by unknown keys are passed over, as the format demands. */
export async function checkSignature(note: string, vkey: string): Promise<SignatureCheck> {
  const verifier = await readVerifierKey(vkey);
  const { text, signatures } = splitNote(note);
  const mine = signatures.map(readSignature).find((line) => line?.name === verifier.name && isSame(line.id, verifier.id));
  if (!mine) return "missing";
  return verifyEd25519(verifier.key, mine.signature, new TextEncoder().encode(text));
}

function readSignature(line: string): { name: string; id: Bytes; signature: Bytes } | undefined {
  const [, name, encoded] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
  if (name === undefined || encoded === undefined) return undefined;
  const bytes = fromBase64(encoded);
  return { name, id: bytes.slice(0, 4), signature: bytes.slice(4) };
}

async function verifyEd25519(key: Bytes, signature: Bytes, text: Bytes): Promise<SignatureCheck> {
  let imported: CryptoKey;
  try {
    imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    // Older browsers know no Ed25519; the stand-alone verifier does. A key that is refused for another cause signed nothing.
    return error instanceof Error && error.name === "NotSupportedError" ? "unsupported" : "wrong";
  }
  return (await crypto.subtle.verify({ name: "Ed25519" }, imported, signature, text)) ? "ok" : "wrong";
}
