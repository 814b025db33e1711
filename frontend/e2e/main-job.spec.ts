/* The main job, walked through the portal's pages: bring, freeze, train, approve, create, gallery, ledger, take away. */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { PICTURES, SLUG, STEPS, STUDIO, arrive, openBrowser, person, seesPicture, shoot, shootAll, troubles } from "./stage";

const MINUTE = 60_000;
const stamp = Date.now().toString(36);
const DATASET = `Plates ${stamp}`;
const MODEL = `Line ${stamp}`;
const TRIGGER = `zq${stamp.slice(-4)}`;
const RESULT = 'img[alt^="Picture for"]';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterEach(async (context) => {
  if (context.task.result?.state === "fail") await shootAll(browser);
});
afterAll(async () => {
  await browser.close();
});

const files = () => readdirSync(PICTURES).sort().map((name) => join(PICTURES, name)).filter((path) => [".png", ".jpg", ".jpeg", ".webp", ".txt"].includes(extname(path).toLowerCase()));
const room = (rooms: URL, path: string): string => new URL(path, rooms).href;
const card = (page: Page) => page.getByRole("article", { name: MODEL, exact: true });

it("asks for the studio before the person", async () => {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await page.goto(STUDIO.origin);
  await page.getByLabel("Studio name or address").fill(SLUG);
  await shoot(page, "studio");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("E-mail").fill("nobody@studio.example");
  await page.getByLabel("Password").fill("not the password");
  await shoot(page, "sign-in");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("do not belong together").waitFor();
  await page.context().close();
});

it("brings a folder of pictures, names what it refuses, and freezes", async () => {
  const { page, context, rooms } = await arrive(browser, person("trainer", "lead"));
  await page.goto(room(rooms, "datasets"));
  await page.getByRole("button", { name: "New dataset" }).click();
  await page.getByLabel("Name", { exact: true }).fill(DATASET);
  await page.getByRole("button", { name: "Create dataset" }).click();
  await page.getByRole("heading", { name: DATASET }).waitFor();
  await page.getByLabel("Rights basis for these files").selectOption("own_work");
  const input = page.locator('input[type="file"]');
  await input.setInputFiles(files());
  await page.getByText(/\d+ to go/).waitFor({ state: "detached", timeout: 5 * MINUTE });
  const [first] = files().filter((path) => !path.endsWith(".txt"));
  await input.setInputFiles([
    { name: "letter.png", mimeType: "image/png", buffer: Buffer.from("no picture") },
    { name: "broken.png", mimeType: "image/png", buffer: readFileSync(first ?? "").subarray(0, 120) },
    { name: "again.png", mimeType: "image/png", buffer: readFileSync(first ?? "") },
  ]);
  await page.getByText("Only PNG, JPEG and WebP are taken.").waitFor();
  await page.getByText("This file cannot be read as a picture.").waitFor();
  await page.getByText("This picture is already in the dataset.").waitFor();
  await shoot(page, "dataset-uploads");
  await page.getByLabel("Caption of picture 1", { exact: true }).first().focus();
  await page.getByRole("button", { name: "Freeze" }).click();
  await page.getByRole("button", { name: "Freeze dataset" }).click();
  await page.getByText("Its list is committed to in the ledger").waitFor();
  await shoot(page, "dataset-frozen");
  await context.close();
});

it("trains, and shows the loss and samples while it does", async () => {
  const { page, context, rooms } = await arrive(browser, person("trainer", "lead"));
  await page.goto(room(rooms, "training"));
  await page.getByRole("button", { name: "Start training" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name of the model").fill(MODEL);
  await form.getByLabel("Dataset").selectOption({ label: DATASET });
  await form.getByLabel("Trigger word").fill(TRIGGER);
  await form.getByLabel("Steps", { exact: true }).fill(String(STEPS));
  await form.getByLabel("Sample every").fill(String(Math.max(1, Math.floor(STEPS / 3))));
  await shoot(page, "training-form");
  await form.getByRole("button", { name: "Start training" }).click();
  await page.getByRole("heading", { name: MODEL }).waitFor();
  await page.getByRole("img", { name: /^Loss over/ }).waitFor({ timeout: 5 * MINUTE });
  await seesPicture(page, 'img[alt^="Sample"]', 10 * MINUTE);
  await page.getByText(/^Step \d+$/).nth(1).waitFor({ timeout: 10 * MINUTE });
  await shoot(page, "training-live");
  await page.getByText("The model is trained and waits as a candidate").waitFor({ timeout: 15 * MINUTE });
  await shoot(page, "training-finished");
  await context.close();
});

it("lets nobody approve her own model, and a second person approve it", async () => {
  const trainer = await arrive(browser, person("trainer", "lead"));
  await trainer.page.goto(room(trainer.rooms, "models"));
  await card(trainer.page).getByText("Held-out loss").waitFor({ timeout: 10 * MINUTE });
  expect(await card(trainer.page).getByRole("button", { name: "Approve" }).count()).toBe(0);
  await shoot(trainer.page, "model-candidate");
  await trainer.context.close();
  const lead = await arrive(browser, person("lead", "officer", "owner"));
  await lead.page.goto(room(lead.rooms, "models"));
  await card(lead.page).getByRole("button", { name: "Approve" }).click();
  const dialog = lead.page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("Keeps the line of the plates.");
  await dialog.getByRole("button", { name: "Approve" }).click();
  await card(lead.page).getByText("Approved").waitFor();
  await shoot(lead.page, "model-approved");
  await lead.context.close();
});

it("creates with it, again with the same seed, and refuses what the policy forbids", async () => {
  const { page, context } = await arrive(browser, person("artist", "trainer"));
  await page.getByLabel("Prompt").fill(`a house, ${TRIGGER}`);
  await page.getByRole("checkbox", { name: new RegExp(MODEL) }).check();
  await page.keyboard.press("Control+Enter");
  await page.getByRole("progressbar", { name: "Progress of the picture" }).waitFor();
  // A small picture may be done before its first preview is seen; the journey does not depend on it.
  await page.locator("[data-preview]").waitFor({ timeout: 4_000 }).catch(() => undefined);
  await shoot(page, "create-live");
  await seesPicture(page, RESULT, 3 * MINUTE);
  await shoot(page, "create-result");
  await page.getByRole("button", { name: "Again with the same seed" }).click();
  await page.getByRole("progressbar", { name: "Progress of the picture" }).waitFor();
  await seesPicture(page, RESULT, 3 * MINUTE);
  await page.getByLabel("Prompt").fill(process.env["E2E_FORBIDDEN"] ?? "a beheading in a square");
  await page.getByRole("button", { name: "Generate" }).click();
  await page.getByText("This prompt was refused").waitFor();
  await shoot(page, "create-refused");
  await context.close();
});

it("hangs it in the gallery with every fact, makes it again, downloads it, recalls it", async () => {
  const { page, context, rooms } = await arrive(browser, person("artist", "trainer"));
  await page.goto(room(rooms, "gallery"));
  await page.getByRole("button", { name: /^Open picture/ }).first().click();
  const panel = page.getByRole("dialog");
  await panel.getByText("Everything recorded").waitFor();
  await seesPicture(page, 'img[alt="The picture in full"]', MINUTE);
  await shoot(page, "gallery-detail");
  const replay = panel.getByRole("button", { name: "Make again" });
  if ((await replay.count()) > 0) {
    await replay.click();
    await panel.getByText("Made again: bit for bit equal.").waitFor({ timeout: 3 * MINUTE });
    await shoot(page, "gallery-replayed");
  }
  const [file] = await Promise.all([page.waitForEvent("download"), panel.getByRole("button", { name: "Download" }).click()]);
  const bytes = readFileSync(await file.path());
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  await panel.getByRole("link", { name: "Recall into Create" }).click();
  await page.getByText("Recalled from the gallery").waitFor();
  expect(await page.getByLabel("Prompt").inputValue()).toContain(TRIGGER);
  await context.close();
});

it("proves an entry in the browser", async () => {
  const { page, context, rooms } = await arrive(browser, person("officer", "lead", "owner"), "dark");
  await page.goto(room(rooms, "ledger?kind=generation.completed"));
  await page.getByRole("button", { name: /^Prove entry/ }).first().waitFor({ timeout: MINUTE });
  await shoot(page, "ledger");
  await page.getByRole("button", { name: /^Prove entry/ }).last().click();
  await page.getByText("Verified in your browser").waitFor({ timeout: MINUTE });
  expect(await page.getByTestId("computed-root").textContent()).toBe(await page.getByTestId("signed-root").textContent());
  await shoot(page, "ledger-proof");
  await context.close();
});

it("takes the model away", async () => {
  const { page, context, rooms } = await arrive(browser, person("lead", "owner"));
  await page.goto(room(rooms, "exit"));
  await page.getByLabel("Model", { exact: true }).selectOption({ label: MODEL });
  await page.getByRole("button", { name: "Request bundle" }).click();
  const bundle = page.getByRole("article", { name: MODEL, exact: true }).first();
  await bundle.getByRole("link", { name: "Download bundle" }).waitFor({ timeout: 5 * MINUTE });
  await shoot(page, "exit-ready");
  const [file] = await Promise.all([page.waitForEvent("download"), bundle.getByRole("link", { name: "Download bundle" }).click()]);
  expect(readFileSync(await file.path()).subarray(0, 2).toString()).toBe("PK");
  await context.close();
});

it("broke no script and no rule of the content security policy", () => {
  expect(troubles).toEqual([]);
});
