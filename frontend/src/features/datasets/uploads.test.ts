import { expect, it } from "vitest";
import { type Upload, changed, counts, pair } from "./uploads";

const file = (name: string) => new File(["x"], name);

it("pairs pictures with the notes beside them", () => {
  const chosen = pair([file("fox.png"), file("fox.txt"), file("owl.jpeg"), file("alone.txt")]);
  expect(chosen.map(({ picture, note }) => [picture.name, note?.name])).toEqual([["fox.png", "fox.txt"], ["owl.jpeg", undefined]]);
});

it("counts what is done, refused and to go", () => {
  const uploads: readonly Upload[] = ["sealed", "refused", "sending", "waiting"].map((state, at) => ({ key: String(at), name: "", part: 0, state }) as Upload);
  expect(counts(uploads)).toEqual({ sealed: 1, refused: 1, waiting: 2 });
  expect(counts(changed(uploads, "3", { state: "sealed" }))).toEqual({ sealed: 2, refused: 1, waiting: 1 });
});
