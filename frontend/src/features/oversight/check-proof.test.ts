import { beforeAll, describe, expect, it } from "vitest";
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
    expect(judged).toMatchObject({ isSound: true, entry: "ok", root: "ok", signature: "ok", key: "first", kept: "first", size: 7 });
  });

  it("holds against a kept checkpoint that the log grew out of", async () => {
    const kept = { vkey: proof.vkey, checkpoint: await log.checkpoint(4) };
    const judged = await checkProof({ entry, proof, kept, growth: log.growth });
    expect(judged).toMatchObject({ isSound: true, key: "ok", kept: "ok" });
  });
});

describe("a proof that does not hold", () => {
  const judge = (change: Partial<Proof>, asked = entry) => checkProof({ entry: asked, proof: { ...proof, ...change }, kept: undefined, growth: noGrowth });

  it("is of another entry", async () => {
    expect(await judge({}, "entry-4")).toMatchObject({ isSound: false, entry: "bad" });
  });

  it("has a changed entry", async () => {
    expect(await judge({ leaf: btoa('{"id":"entry-3","kind":"rewritten"}') })).toMatchObject({ isSound: false, entry: "ok", root: "bad" });
  });

  it("has a path too short", async () => {
    expect(await judge({ hashes: proof.hashes.slice(1) })).toMatchObject({ isSound: false, root: "bad", computed: undefined });
  });

  it("has a checkpoint that nobody signed so", async () => {
    const [origin, , ...rest] = proof.checkpoint.split("\n");
    expect(await judge({ checkpoint: [origin, "9", ...rest].join("\n") })).toMatchObject({ isSound: false, signature: "bad" });
  });

  it("answers with another key than the kept one", async () => {
    const other = await makeLog([{ id: "x", kind: "y" }]);
    const kept = { vkey: (await other.prove(0)).vkey, checkpoint: await log.checkpoint(4) };
    expect(await checkProof({ entry, proof, kept, growth: log.growth })).toMatchObject({ isSound: false, key: "bad" });
  });

  it("comes from a log that was rewritten since", async () => {
    const other = await makeLog([{ id: "a", kind: "b" }, { id: "c", kind: "d" }]);
    const kept = { vkey: proof.vkey, checkpoint: await other.checkpoint(2) };
    expect(await checkProof({ entry, proof, kept, growth: log.growth })).toMatchObject({ isSound: false, kept: "bad" });
  });
});

it("writes the offline form", () => {
  const lines = offlineProof(proof).split("\n");
  expect(lines.slice(0, 2)).toEqual(["c2sp.org/tlog-proof@v1", "index 3"]);
  expect(offlineProof(proof).endsWith(proof.checkpoint)).toBe(true);
});
