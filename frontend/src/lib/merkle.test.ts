import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ProofError, climb, fromBase64, fromHex, isConsistent, leafHash, nodeHash, sha256, toHex } from "./merkle";
import type { Bytes } from "./merkle";
import { checkSignature, readCheckpoint, readVerifierKey, splitNote } from "./note";

const bytes = (text: string): Bytes => new TextEncoder().encode(text);
const LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"].map(fromHex);

/** A second, naive implementation to check the clever one against. */
async function rootOf(leaves: readonly Bytes[]): Promise<Bytes> {
  const [only] = leaves;
  if (only === undefined) return sha256(new Uint8Array());
  if (leaves.length === 1) return leafHash(only);
  const split = splitOf(leaves.length);
  return nodeHash(await rootOf(leaves.slice(0, split)), await rootOf(leaves.slice(split)));
}

function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

async function pathOf(index: number, leaves: readonly Bytes[]): Promise<Bytes[]> {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  return index < split
    ? [...(await pathOf(index, leaves.slice(0, split))), await rootOf(leaves.slice(split))]
    : [...(await pathOf(index - split, leaves.slice(split))), await rootOf(leaves.slice(0, split))];
}

async function growth(first: number, leaves: readonly Bytes[], whole = true): Promise<Bytes[]> {
  if (first === leaves.length) return whole ? [] : [await rootOf(leaves)];
  const split = splitOf(leaves.length);
  return first <= split
    ? [...(await growth(first, leaves.slice(0, split), whole)), await rootOf(leaves.slice(split))]
    : [...(await growth(first - split, leaves.slice(split), false)), await rootOf(leaves.slice(0, split))];
}

describe("the tree", () => {
  it("has the roots that RFC 6962 implementations agree on", async () => {
    expect(toHex(await rootOf([]))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(toHex(await rootOf(LEAVES.slice(0, 1)))).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    expect(toHex(await rootOf(LEAVES))).toBe("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
  });

  it("recomputes the root from every leaf of every size", async () => {
    for (let size = 1; size <= LEAVES.length; size += 1) {
      const leaves = LEAVES.slice(0, size);
      const root = toHex(await rootOf(leaves));
      for (const [index, entry] of leaves.entries()) {
        const climbed = await climb(await leafHash(entry), { index, size, hashes: await pathOf(index, leaves) });
        expect(toHex(climbed.root)).toBe(root);
      }
    }
  });

  it("refuses paths of the wrong length and indexes outside", async () => {
    const leaf = await leafHash(bytes("x"));
    await expect(climb(leaf, { index: 0, size: 2, hashes: [] })).rejects.toThrow(new ProofError("too_few_hashes"));
    await expect(climb(leaf, { index: 0, size: 1, hashes: [leaf] })).rejects.toThrow(new ProofError("too_many_hashes"));
    await expect(climb(leaf, { index: 2, size: 2, hashes: [leaf] })).rejects.toThrow(new ProofError("index_outside"));
  });

  it("proves growth between any two sizes, and no other", async () => {
    for (let second = 1; second <= LEAVES.length; second += 1) {
      const secondRoot = await rootOf(LEAVES.slice(0, second));
      for (let first = 1; first <= second; first += 1) {
        const firstRoot = await rootOf(LEAVES.slice(0, first));
        const hashes = await growth(first, LEAVES.slice(0, second));
        expect(await isConsistent({ first, firstRoot }, { second, secondRoot }, hashes)).toBe(true);
        const wrong = await leafHash(bytes("rewritten"));
        expect(await isConsistent({ first, firstRoot: wrong }, { second, secondRoot }, hashes)).toBe(false);
      }
    }
  });
});

describe("signed notes", () => {
  const vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
  const line = "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

  it("verifies the published vector", async () => {
    expect(await checkSignature(`This is an example message.\n\n${line}`, vkey)).toBe("ok");
  });

  it("refuses a changed text, and passes over unknown keys", async () => {
    expect(await checkSignature(`This is an example Message.\n\n${line}`, vkey)).toBe("wrong");
    expect(await checkSignature("Text.\n\n\u2014 other.example/log AAAAAAAA\n", vkey)).toBe("missing");
  });

  it("refuses a key whose id is not its own", async () => {
    await expect(readVerifierKey(vkey.replace("530d903a", "530d903b"))).rejects.toThrow(new ProofError("vkey_wrong_id"));
  });

  it("reads a checkpoint and splits at the last empty line", () => {
    const root = "qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=";
    const note = `guild.example/log/x\n7\n${root}\n\n${line}`;
    expect(readCheckpoint(note)).toEqual({ origin: "guild.example/log/x", size: 7, root: fromBase64(root) });
    expect(splitNote("a\n\nb\n\nc\n").text).toBe("a\n\nb\n");
    expect(() => readCheckpoint("no signature")).toThrow(new ProofError("note_unsigned"));
  });
});

interface Vectors {
  readonly leaves: readonly string[];
  readonly roots: readonly string[];
  readonly inclusion: readonly { readonly index: number; readonly size: number; readonly proof: readonly string[] }[];
  readonly consistency: readonly { readonly first: number; readonly second: number; readonly proof: readonly string[] }[];
}

describe("the vectors shared with the service", () => {
  const shared = JSON.parse(readFileSync("../tests/vectors/merkle.json", "utf8")) as Vectors;
  const root = (size: number) => shared.roots[size] ?? "";

  it("have these roots", async () => {
    for (const size of shared.roots.keys()) expect(toHex(await rootOf(shared.leaves.slice(0, size).map(fromHex)))).toBe(root(size));
  });

  it("include every leaf", async () => {
    for (const { index, size, proof } of shared.inclusion) {
      const leaf = await leafHash(fromHex(shared.leaves[index] ?? ""));
      expect(toHex((await climb(leaf, { index, size, hashes: proof.map(fromHex) })).root)).toBe(root(size));
    }
  });

  it("grow as they say", async () => {
    for (const { first, second, proof } of shared.consistency) {
      const sizes = { second, secondRoot: fromHex(root(second)) };
      expect(await isConsistent({ first, firstRoot: fromHex(root(first)) }, sizes, proof.map(fromHex))).toBe(true);
    }
  });
});
