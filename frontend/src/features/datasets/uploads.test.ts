import { expect, it } from "vitest";
import { type Upload, changed, counts, inOrder, pair } from "./uploads";

const brought = (path: string) => ({ path, file: new File(["x"], path.split("/").at(-1) ?? "") });

it("pairs pictures with the notes beside them", () => {
  const chosen = pair(["fox.png", "fox.txt", "owl.jpeg", "alone.txt"].map(brought));
  expect(chosen.map(({ picture, note }) => [picture.path, note?.name])).toEqual([["fox.png", "fox.txt"], ["owl.jpeg", undefined]]);
});

it("pairs only within a folder", () => {
  const paths = ["day/1.png", "night/1.png", "night/1.txt", "v1.2/2.png", "v1.txt"];
  const notes = paths.map((path) => ({ path, file: new File([path], path) }));
  expect(pair(notes).map(({ picture, note }) => [picture.path, note?.name])).toEqual([["day/1.png", undefined], ["night/1.png", "night/1.txt"], ["v1.2/2.png", undefined]]);
});

const uploads: readonly Upload[] = ["sealed", "refused", "sending", "waiting"].map((state, at) => ({ key: String(at), name: "", part: 0, state }) as Upload);

it("counts what is done, refused and to go", () => {
  expect(counts(uploads)).toEqual({ sealed: 1, refused: 1, waiting: 2 });
  expect(counts(changed(uploads, "3", { state: "sealed" }))).toEqual({ sealed: 2, refused: 1, waiting: 1 });
});

it("shows what looks like another before what is merely done", () => {
  const alike = { key: "alike", name: "", part: 1, state: "sealed", similarTo: "x" } as const;
  expect(inOrder([...uploads, alike]).map(({ key }) => key)).toEqual(["1", "alike", "2", "3", "0"]);
});

it("shows first what was refused, last what is done", () => {
  expect(inOrder(uploads).map(({ state }) => state)).toEqual(["refused", "sending", "waiting", "sealed"]);
});
