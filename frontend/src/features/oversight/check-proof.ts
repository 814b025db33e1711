/*
 * The browser's own judgement of a proof. Guarantees: nothing the service says about itself is believed: the entry is
 * hashed here, the root recomputed here, the checkpoint's text parsed and its signature checked here, and the log's
 * name, key and growth compared with what this browser kept for the studio.
 */
import type { Proof } from "@/api/types";
import { type Bytes, ProofError, type Step, climb, fromBase64, isConsistent, isSame, leafHash } from "@/lib/merkle";
import { type SignatureCheck, checkSignature, readCheckpoint, readVerifierKey } from "@/lib/note";
import type { Kept } from "./kept";

export type Outcome = "ok" | "bad" | "first" | "unsupported";

/** `unsigned`: all that this browser can check holds, but it cannot check the signature. */
export type Verdict = "ok" | "unsigned" | "bad";

export interface Judgement {
  readonly verdict: Verdict;
  readonly entry: Outcome;
  readonly root: Outcome;
  readonly signature: Outcome;
  readonly origin: Outcome;
  readonly key: Outcome;
  readonly kept: Outcome;
  readonly size: number;
  readonly leaf: Bytes;
  readonly computed: Bytes | undefined;
  readonly signed: Bytes;
  readonly steps: readonly Step[];
  readonly text: string;
}

interface Question {
  readonly entry: string;
  readonly proof: Proof;
  readonly kept: Kept | undefined;
  /** The log's growth from one size to another, as the service tells it. */
  readonly growth: (first: number, second: number) => Promise<readonly string[]>;
}

export async function checkProof({ entry, proof, kept, growth }: Question): Promise<Judgement> {
  const bytes = fromBase64(proof.leaf);
  const text = new TextDecoder().decode(bytes);
  const checkpoint = readCheckpoint(proof.checkpoint);
  const leaf = await leafHash(bytes);
  const climbed = await tryToClimb(leaf, proof, checkpoint.size);
  const outcomes = {
    entry: judge(idOf(text) === entry),
    root: judge(climbed !== undefined && isSame(climbed.root, checkpoint.root)),
    ...(await signer(proof, checkpoint.origin)),
    key: kept === undefined ? "first" : judge(kept.vkey === proof.vkey),
    kept: await growthOutcome({ kept, checkpoint, growth }),
  } as const;
  return {
    ...outcomes,
    verdict: verdictOf(outcomes),
    size: checkpoint.size,
    leaf,
    computed: climbed?.root,
    signed: checkpoint.root,
    steps: climbed?.steps ?? [],
    text,
  };
}

const SIGNATURES: Readonly<Record<SignatureCheck, Outcome>> = { ok: "ok", wrong: "bad", missing: "bad", unsupported: "unsupported" };
const judge = (holds: boolean): Outcome => (holds ? "ok" : "bad");

function verdictOf(outcomes: Readonly<Record<string, Outcome>> & { readonly signature: Outcome }): Verdict {
  if (Object.values(outcomes).includes("bad")) return "bad";
  return outcomes.signature === "unsupported" ? "unsigned" : "ok";
}

/** Who signed: the key's own name has to be the log that the checkpoint speaks of. */
async function signer(proof: Proof, origin: string): Promise<Pick<Judgement, "signature" | "origin">> {
  try {
    const { name } = await readVerifierKey(proof.vkey);
    return { signature: SIGNATURES[await checkSignature(proof.checkpoint, proof.vkey)], origin: judge(name === origin) };
  } catch (error) {
    if (error instanceof ProofError) return { signature: "bad", origin: "bad" };
    throw error;
  }
}

async function tryToClimb(leaf: Bytes, proof: Proof, size: number) {
  try {
    return await climb(leaf, { index: proof.index, size, hashes: proof.hashes.map(fromBase64) });
  } catch (error) {
    if (error instanceof ProofError) return undefined;
    throw error;
  }
}

function idOf(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null && "id" in body ? String(body.id) : undefined;
  } catch {
    return undefined;
  }
}

async function growthOutcome({ kept, checkpoint, growth }: Pick<Question, "kept" | "growth"> & { readonly checkpoint: ReturnType<typeof readCheckpoint> }): Promise<Outcome> {
  if (kept === undefined) return "first";
  const known = readCheckpoint(kept.checkpoint);
  if (known.origin !== checkpoint.origin) return "bad";
  const [small, large] = known.size <= checkpoint.size ? [known, checkpoint] : [checkpoint, known];
  const hashes = small.size === large.size ? [] : await growth(small.size, large.size);
  const sizes = { second: large.size, secondRoot: large.root };
  return judge(await isConsistent({ first: small.size, firstRoot: small.root }, sizes, hashes.map(fromBase64)));
}

/** The offline form that the stand-alone verifier reads (C2SP tlog-proof). */
export function offlineProof({ index, hashes, checkpoint }: Proof): string {
  return ["c2sp.org/tlog-proof@v1", `index ${String(index)}`, ...hashes, "", checkpoint].join("\n");
}
