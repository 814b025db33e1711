/* A real little log: real hashes, a real Ed25519 key, real proofs. Tests and the mock service use it. */
import type { Proof } from "@/api/types";
import { type Bytes, leafHash, nodeHash, sha256, toBase64, toHex } from "@/lib/merkle";

const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

async function rootOf(hashes: readonly Bytes[]): Promise<Bytes> {
  const [only] = hashes;
  if (only === undefined) return sha256(new Uint8Array());
  if (hashes.length === 1) return only;
  const split = splitOf(hashes.length);
  return nodeHash(await rootOf(hashes.slice(0, split)), await rootOf(hashes.slice(split)));
}

async function pathOf(index: number, hashes: readonly Bytes[]): Promise<Bytes[]> {
  if (hashes.length <= 1) return [];
  const split = splitOf(hashes.length);
  return index < split
    ? [...(await pathOf(index, hashes.slice(0, split))), await rootOf(hashes.slice(split))]
    : [...(await pathOf(index - split, hashes.slice(split))), await rootOf(hashes.slice(0, split))];
}

async function growthOf(first: number, hashes: readonly Bytes[], isWhole = true): Promise<Bytes[]> {
  if (first === hashes.length) return isWhole ? [] : [await rootOf(hashes)];
  const split = splitOf(hashes.length);
  return first <= split
    ? [...(await growthOf(first, hashes.slice(0, split), isWhole)), await rootOf(hashes.slice(split))]
    : [...(await growthOf(first - split, hashes.slice(split), false)), await rootOf(hashes.slice(0, split))];
}

export async function makeLog(entries: readonly object[], origin = "guildhall.example/log/test") {
  const pair = (await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"])) as CryptoKeyPair;
  const key = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const typed: Bytes = new Uint8Array([1, ...key]);
  const id = (await sha256(new Uint8Array([...utf8(`${origin}\n`), ...typed]))).slice(0, 4);
  const vkey = `${origin}+${toHex(id)}+${toBase64(typed)}`;
  const leaves = entries.map((entry) => utf8(JSON.stringify(entry)));
  const hashes = await Promise.all(leaves.map(leafHash));
  const checkpoint = async (size: number): Promise<string> => {
    const text = `${origin}\n${String(size)}\n${toBase64(await rootOf(hashes.slice(0, size)))}\n`;
    const signature = new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, pair.privateKey, utf8(text)));
    return `${text}\n\u2014 ${origin} ${toBase64(new Uint8Array([...id, ...signature]))}\n`;
  };
  const prove = async (index: number): Promise<Proof> => ({
    index,
    size: hashes.length,
    vkey,
    leaf: toBase64(leaves[index] ?? utf8("")),
    hashes: (await pathOf(index, hashes)).map(toBase64),
    root: toBase64(await rootOf(hashes)),
    checkpoint: await checkpoint(hashes.length),
  });
  const growth = async (first: number, second: number) => (await growthOf(first, hashes.slice(0, second))).map(toBase64);
  return { prove, checkpoint, growth, vkey, size: hashes.length };
}
