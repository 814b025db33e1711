/*
 * Checks what the ledger claims, in the browser, with WebCrypto alone (RFC 6962 section 2.1, C2SP signed-note
 * and tlog-checkpoint). Guarantees: a result is only "ok" when the root was recomputed here from the entry's own
 * bytes, and the note's signature was checked here under the key that was given.
 */

export type Bytes = Uint8Array<ArrayBuffer>;

export class ProofError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export function fromBase64(text: string): Bytes {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

export function toBase64(bytes: Bytes): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export function toHex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Bytes {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

export function isSame(one: Bytes, other: Bytes): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function joined(...parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** The hash of one entry: SHA-256(0x00 ‖ entry). */
export function leafHash(entry: Bytes): Promise<Bytes> {
  return sha256(joined(new Uint8Array([0]), entry));
}

/** The hash over two sub-trees: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(joined(new Uint8Array([1]), left, right));
}

export interface Step {
  readonly side: "left" | "right";
  readonly sibling: Bytes;
  readonly result: Bytes;
}

/** Recompute the root from one leaf and its inclusion path (RFC 9162 section 2.1.3.2); every step is returned, to be shown. */
export async function climb(
  leaf: Bytes,
  { index, size, hashes }: { readonly index: number; readonly size: number; readonly hashes: readonly Bytes[] },
): Promise<{ readonly root: Bytes; readonly steps: readonly Step[] }> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) throw new ProofError("index_outside");
  let at = BigInt(index);
  let last = BigInt(size - 1);
  let root = leaf;
  const steps: Step[] = [];
  for (const sibling of hashes) {
    if (last === 0n) throw new ProofError("too_many_hashes");
    const fromLeft = (at & 1n) === 1n || at === last;
    root = fromLeft ? await nodeHash(sibling, root) : await nodeHash(root, sibling);
    steps.push({ side: fromLeft ? "left" : "right", sibling, result: root });
    while (fromLeft && (at & 1n) === 0n && at !== 0n) {
      at >>= 1n;
      last >>= 1n;
    }
    at >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) throw new ProofError("too_few_hashes");
  return { root, steps };
}

/** Check that a larger tree grew out of a smaller one (RFC 9162 section 2.1.4.2). */
export async function isConsistent(
  { first, firstRoot }: { readonly first: number; readonly firstRoot: Bytes },
  { second, secondRoot }: { readonly second: number; readonly secondRoot: Bytes },
  hashes: readonly Bytes[],
): Promise<boolean> {
  if (first < 0 || first > second) return false;
  if (first === second) return hashes.length === 0 && isSame(firstRoot, secondRoot);
  if (first === 0) return hashes.length === 0 && isSame(firstRoot, await sha256(new Uint8Array()));
  const isPower = (BigInt(first) & BigInt(first - 1)) === 0n;
  const path = isPower ? [firstRoot, ...hashes] : [...hashes];
  const start = path[0];
  if (start === undefined || hashes.length === 0) return false;
  let at = BigInt(first - 1);
  let last = BigInt(second - 1);
  while ((at & 1n) === 1n) {
    at >>= 1n;
    last >>= 1n;
  }
  let one = start;
  let other = start;
  for (const hash of path.slice(1)) {
    if (last === 0n) return false;
    if ((at & 1n) === 1n || at === last) {
      one = await nodeHash(hash, one);
      other = await nodeHash(hash, other);
      while ((at & 1n) === 0n && at !== 0n) {
        at >>= 1n;
        last >>= 1n;
      }
    } else {
      other = await nodeHash(other, hash);
    }
    at >>= 1n;
    last >>= 1n;
  }
  return last === 0n && isSame(one, firstRoot) && isSame(other, secondRoot);
}
