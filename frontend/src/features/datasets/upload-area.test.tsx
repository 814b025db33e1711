import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { DATASETS, ITEMS, PROJECT } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, startService } from "@/testing/service";

const sent: FormData[] = [];
/** Which older item each upload in turn is told to look like. */
let answers: readonly string[] = [];

/** Takes every upload at once, but refuses what is called broken. */
class TakesAll {
  upload = {};
  status = 0;
  responseText = "";
  onload: () => void = () => undefined;
  open() {}
  setRequestHeader() {}
  send(form: FormData) {
    sent.push(form);
    const isBroken = (form.get("file") as File).name.includes("broken");
    this.status = isBroken ? 400 : 201;
    this.responseText = JSON.stringify(isBroken ? { status: 400, code: "picture.broken" } : { id: ITEMS[sent.length]?.id ?? String(sent.length), similar_to: answers[sent.length - 1] ?? null });
    setTimeout(() => { this.onload(); }, 0);
  }
}

beforeEach(() => {
  sent.length = 0;
  answers = [];
  vi.stubGlobal("XMLHttpRequest", TakesAll);
});
afterEach(() => { vi.unstubAllGlobals(); });

const files = (...names: readonly string[]) => names.map((name) => new File([name], name));
const drop = (dropped: readonly File[]) => fireEvent.drop(screen.getByText(/Drop pictures/), { dataTransfer: { items: [], files: dropped } });

async function openDataset(replies = {}) {
  const service = startService({ ...REPLIES, "GET /datasets/:id": DATASETS[1], ...replies });
  renderAt(`/projects/${PROJECT}/datasets/x`);
  await screen.findByLabelText("Rights basis for these files");
  return service;
}

it("claims no right for anybody, and sends nothing before one is chosen", async () => {
  await openDataset();
  const rights = screen.getByLabelText<HTMLSelectElement>("Rights basis for these files");
  expect(rights.value).toBe("");
  drop(files("fox.png", "fox.txt", "owl.png"));
  await screen.findByText("2 files wait");
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Upload them" }).disabled).toBe(true);
  await userEvent.selectOptions(rights, "licensed");
  expect(sent).toHaveLength(0);
  await userEvent.click(screen.getByRole("button", { name: "Upload them" }));
  await screen.findByText("2 sealed");
  expect(sent.map((form) => [form.get("rights"), form.get("caption")])).toEqual([["licensed", "fox.txt"], ["licensed", null]]);
});

it("shows first what was refused", async () => {
  await openDataset();
  await userEvent.selectOptions(screen.getByLabelText("Rights basis for these files"), "own_work");
  drop(files("a.png", "b.png", "broken.png", "c.png"));
  await screen.findByText("3 sealed");
  expect(screen.getByText("broken.png").closest("li")?.previousSibling).toBeNull();
  expect(screen.getByText("This file cannot be read as a picture.")).toBeTruthy();
});

it("does not read its list again for every file", async () => {
  const { asked } = await openDataset();
  const lists = () => asked.filter(({ path }) => path.includes("/items")).length;
  await waitFor(() => { expect(lists()).toBe(1); });
  await userEvent.selectOptions(screen.getByLabelText("Rights basis for these files"), "own_work");
  drop(files(...Array.from({ length: 40 }, (_, at) => `${String(at)}.png`)));
  await screen.findByText("40 sealed", undefined, { timeout: 15_000 });
  await waitFor(() => { expect(lists()).toBeGreaterThan(1); });
  expect(lists()).toBeLessThan(10);
}, 20_000);

it("names the picture that a new one looks like, beside the upload and the item, and leads there", async () => {
  const [older = ITEMS[0]] = ITEMS;
  const named = { next: null, previous: null, results: ITEMS.map((item) => ({ ...item, filename: item === older ? "harbour.png" : "" })) };
  answers = [older?.id ?? "", "further-down"];
  await openDataset({ "GET /items": named });
  await userEvent.selectOptions(screen.getByLabelText("Rights basis for these files"), "own_work");
  drop(files("a.png", "b.png"));
  const beside = await screen.findByRole("link", { name: "Sealed, but it looks like harbour.png" });
  const link = screen.getByRole("link", { name: "Looks like harbour.png" });
  for (const one of [beside, link]) expect(one.getAttribute("href")).toBe(`#item-${older?.id ?? ""}`);
  expect(document.getElementById(`item-${older?.id ?? ""}`)?.querySelector("img")?.alt).toBe("Picture 1");
  expect(link.closest("li")?.querySelector("img")?.alt).toBe("Picture 2");
  expect(await screen.findByText("Sealed, but it looks like a picture that is here already")).toBeTruthy();
});
