import { expect, it } from "vitest";
import { chosenFiles, droppedFiles } from "./brought";

const file = (name: string, inside = ""): File => Object.defineProperty(new File(["x"], name), "webkitRelativePath", { value: inside });
const fileEntry = (fullPath: string) => ({ isFile: true, isDirectory: false, fullPath, name: fullPath.split("/").at(-1), file: (done: (file: File) => void) => { done(file(fullPath.split("/").at(-1) ?? "")); } });
const brokenEntry = (fullPath: string) => ({ ...fileEntry(fullPath), file: (_: unknown, fail: (error: Error) => void) => { fail(new Error("gone")); } });

/** A folder whose reader gives two entries at a time, as a browser gives a hundred. */
function folderEntry(fullPath: string, children: readonly object[]) {
  return {
    isFile: false, isDirectory: true, fullPath, name: fullPath.split("/").at(-1),
    createReader: () => {
      const left = [...children];
      return { readEntries: (done: (part: object[]) => void) => { done(left.splice(0, 2)); } };
    },
  }; // prettier-ignore
}

function transferOf(entries: readonly object[], files: readonly File[] = []): DataTransfer {
  return { items: entries.map((entry) => ({ kind: "file", webkitGetAsEntry: () => entry })), files } as unknown as DataTransfer;
}

it("walks a dropped folder to the end, part by part", async () => {
  const inner = folderEntry("/plates/night", [fileEntry("/plates/night/1.png"), fileEntry("/plates/night/1.txt"), fileEntry("/plates/night/2.png")]);
  const found = await droppedFiles(transferOf([folderEntry("/plates", [inner, fileEntry("/plates/10.png"), fileEntry("/plates/1.png"), fileEntry("/plates/1.txt")])]));
  expect(found.map(({ path }) => path)).toEqual(["plates/1.png", "plates/1.txt", "plates/10.png", "plates/night/1.png", "plates/night/1.txt", "plates/night/2.png"]);
});

it("takes loose files as the browser gives them", async () => {
  expect(await droppedFiles(transferOf([fileEntry("/fox.png")], [file("fox.png")]))).toMatchObject([{ path: "fox.png" }]);
});

it("keeps the name of what cannot be read, and passes over what file managers leave", async () => {
  const found = await droppedFiles(transferOf([folderEntry("/plates", [brokenEntry("/plates/1.png"), fileEntry("/plates/.DS_Store"), fileEntry("/plates/Thumbs.db")])]));
  expect(found.map(({ path, file: { size } }) => [path, size])).toEqual([["plates/1.png", 0]]);
});

it("tells where the files of a chosen folder lay", () => {
  const files = [file("1.png", "plates/1.png"), file(".DS_Store", "plates/.DS_Store"), file(".hidden.png")] as unknown as FileList;
  expect(chosenFiles(files).map(({ path }) => path)).toEqual(["plates/1.png", ".hidden.png"]);
});
