import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Proof } from "@/api/types";
import { makeLog } from "@/testing/log";
import { checkProof, offlineProof } from "./check-proof";

const noGrowth = () => Promise.resolve([]);
let log: Awaited<ReturnType<typeof makeLog>>;
let proof: Proof;
let entry: string;

beforeAll(async () => {
  log = await makeLog(Array.from({ length: 7 }, (_, at) => ({ id: `entry-${String(at)}`, kind: "generation.completed" })));
  proof = await log.prove(3);
  entry = "entry-3";
});

describe("a sound proof", () => {
  it("holds, and the key and checkpoint are kept from then on", async () => {
    const judged = await checkProof({ entry, proof, kept: undefined, growth: noGrowth });
    expect(judged).toMatchObject({ verdict: "ok", entry: "ok", root: "ok", signature: "ok", key: "first", kept: "first", size: 7 });
  });

  it("holds against a kept checkpoint that the log grew out of", async () => {
    const kept = { vkey: proof.vkey, checkpoint: await log.checkpoint(4) };
    const judged = await checkProof({ entry, proof, kept, growth: log.growth });
    expect(judged).toMatchObject({ verdict: "ok", key: "ok", kept: "ok" });
  });
});

describe("a proof that does not hold", () => {
  const judge = (change: Partial<Proof>, asked = entry) => checkProof({ entry: asked, proof: { ...proof, ...change }, kept: undefined, growth: noGrowth });

  it("is of another entry", async () => {
    expect(await judge({}, "entry-4")).toMatchObject({ verdict: "bad", entry: "bad" });
  });

  it("has a changed entry", async () => {
    expect(await judge({ leaf: btoa('{"id":"entry-3","kind":"rewritten"}') })).toMatchObject({ verdict: "bad", entry: "ok", root: "bad" });
  });

  it("has a path too short", async () => {
    expect(await judge({ hashes: proof.hashes.slice(1) })).toMatchObject({ verdict: "bad", root: "bad", computed: undefined });
  });

  it("has a checkpoint that nobody signed so", async () => {
    const [origin, , ...rest] = proof.checkpoint.split("\n");
    expect(await judge({ checkpoint: [origin, "9", ...rest].join("\n") })).toMatchObject({ verdict: "bad", signature: "bad" });
  });

  it("answers with another key than the kept one", async () => {
    const other = await makeLog([{ id: "x", kind: "y" }]);
    const kept = { vkey: (await other.prove(0)).vkey, checkpoint: await log.checkpoint(4) };
    expect(await checkProof({ entry, proof, kept, growth: log.growth })).toMatchObject({ verdict: "bad", key: "bad" });
  });

  it("comes from a log that was rewritten since", async () => {
    const other = await makeLog([{ id: "a", kind: "b" }, { id: "c", kind: "d" }]);
    const kept = { vkey: proof.vkey, checkpoint: await other.checkpoint(2) };
    expect(await checkProof({ entry, proof, kept, growth: log.growth })).toMatchObject({ verdict: "bad", kept: "bad" });
  });
});

describe("who signed", () => {
  it("has to be the log that the checkpoint speaks of", async () => {
    const other = await makeLog([{ id: entry, kind: "generation.completed" }], "guildhall.example/log/other");
    const theirs = await other.prove(0);
    expect(await checkProof({ entry, proof: theirs, kept: undefined, growth: noGrowth })).toMatchObject({ verdict: "ok", origin: "ok" });
    const [, ...rest] = theirs.checkpoint.split("\n");
    const renamed = await checkProof({ entry, proof: { ...theirs, checkpoint: ["guildhall.example/log/test", ...rest].join("\n") }, kept: undefined, growth: noGrowth });
    expect(renamed).toMatchObject({ verdict: "bad", origin: "bad" });
  });

  it("has to be the log that was kept, whatever its name", async () => {
    const other = await makeLog([{ id: entry, kind: "generation.completed" }], "guildhall.example/log/other");
    const kept = { vkey: proof.vkey, checkpoint: await log.checkpoint(4) };
    expect(await checkProof({ entry, proof: await other.prove(0), kept, growth: noGrowth })).toMatchObject({ verdict: "bad", key: "bad", kept: "bad" });
  });

  it("is nobody whose key cannot be read", async () => {
    expect(await checkProof({ entry, proof: { ...proof, vkey: "x" }, kept: undefined, growth: noGrowth })).toMatchObject({ verdict: "bad", signature: "bad" });
  });
});

describe("a browser that knows no Ed25519", () => {
  afterEach(() => { vi.restoreAllMocks(); });
  const refuse = (name: string) => vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(new DOMException("refused", name));

  it("says that the root holds and the signature was not checked: no alarm", async () => {
    refuse("NotSupportedError");
    expect(await checkProof({ entry, proof, kept: undefined, growth: noGrowth })).toMatchObject({ verdict: "unsigned", root: "ok", signature: "unsupported" });
  });

  it("still raises the alarm for a root that differs", async () => {
    refuse("NotSupportedError");
    const changed = { ...proof, hashes: proof.hashes.slice(1) };
    expect(await checkProof({ entry, proof: changed, kept: undefined, growth: noGrowth })).toMatchObject({ verdict: "bad", root: "bad" });
  });

  it("is not meant by a key that is refused for another cause", async () => {
    refuse("DataError");
    expect(await checkProof({ entry, proof, kept: undefined, growth: noGrowth })).toMatchObject({ verdict: "bad", signature: "bad" });
  });
});

it("writes the offline form", () => {
  const lines = offlineProof(proof).split("\n");
  expect(lines.slice(0, 2)).toEqual(["c2sp.org/tlog-proof@v1", "index 3"]);
  expect(offlineProof(proof).endsWith(proof.checkpoint)).toBe(true);
});
