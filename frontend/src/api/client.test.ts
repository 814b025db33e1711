import { beforeEach, describe, expect, it } from "vitest";
import { ApiError, post } from "./client";

type Answer = number | "unreachable";
let keys: (string | null)[];
let answers: Answer[];

beforeEach(() => {
  keys = [];
  window.fetch = (_, init) => {
    keys.push(new Headers(init?.headers).get("Idempotency-Key"));
    const answer = answers.shift() ?? 201;
    return answer === "unreachable" ? Promise.reject(new TypeError()) : Promise.resolve(new Response("{}", { status: answer }));
  };
});

/** The status that comes of it: 201, or the refusal's. */
const order = (prompt: string) =>
  post("/api/v1/projects/{project}/generations", { path: { project: "p" }, body: { prompt, base: "b" } }).then(
    () => 201,
    (error: unknown) => (error instanceof ApiError ? error.status : -1),
  );

describe("an order", () => {
  it.each<Answer>(["unreachable", 503])("goes a second time under the same key when the first is %s", async (first) => {
    answers = [first, 201];
    expect(await order("a")).toBe(201);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  it("keeps its key until an answer comes, however often it is asked for", async () => {
    answers = ["unreachable", "unreachable", 500, 201];
    expect(await order("b")).toBe(0);
    expect(await order("b")).toBe(500);
    expect(await order("b")).toBe(201);
    expect(new Set(keys).size).toBe(1);
    expect(keys).toHaveLength(4);
  });

  it.each<Answer>([201, 400, 409])("has a key of its own once %s was answered", async (first) => {
    answers = [first, 201];
    await order("c");
    await order("c");
    expect(new Set(keys).size).toBe(2);
    expect(keys).toHaveLength(2);
  });

  it("of something else has another key", async () => {
    answers = ["unreachable", "unreachable", "unreachable", "unreachable"];
    await order("d");
    await order("e");
    expect(new Set(keys).size).toBe(2);
  });

  it("is one while it is on its way, even pressed twice", async () => {
    answers = [201, 201];
    await Promise.all([order("f"), order("f")]);
    expect(new Set(keys).size).toBe(1);
  });
});

it("sends nothing twice that the service does not know by a key", async () => {
  answers = ["unreachable"];
  await expect(post("/api/v1/projects/{project}/assets/{asset}/withdraw", { path: { project: "p", asset: "a" } })).rejects.toBeInstanceOf(ApiError);
  expect(keys).toEqual([null]);
});
