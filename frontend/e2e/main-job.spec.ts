/* The main job, walked through the portal's pages: bring, freeze, train, approve, create, gallery, ledger, take away. */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { addPasskey, ask, dropFromDisk, dropMade, look, nearlyTheSame } from "./hands";
import { PICTURES, SLUG, STEPS, STUDIO, arrive, clearShots, openBrowser, person, putInForce, scenesMissing, seesPicture, shoot, shootAll, troubles, watch } from "./stage";

const MINUTE = 60_000;
const stamp = Date.now().toString(36);
const DATASET = `Plates ${stamp}`;
const MODEL = `Line ${stamp}`;
const TRIGGER = `zq${stamp.slice(-4)}`;
const FORBIDDEN = process.env["E2E_FORBIDDEN"] ?? "a beheading in a square";
const WITHHELD = "a red apple on a white plate";
const RESULT = 'img[alt^="Picture for"]';

let browser: Browser;
beforeAll(async () => {
  clearShots();
  browser = await openBrowser();
});
afterEach(async (context) => {
  if (context.task.result?.state === "fail") await shootAll(browser);
});
afterAll(async () => {
  await browser.close();
});

const pictures = () => readdirSync(PICTURES).sort().filter((name) => [".png", ".jpg", ".jpeg", ".webp"].includes(extname(name).toLowerCase())).map((name) => join(PICTURES, name));
const captions = () => readdirSync(PICTURES).filter((name) => name.endsWith(".txt")).map((name) => readFileSync(join(PICTURES, name), "utf8").trim());
const room = (rooms: URL, path: string): string => new URL(path, rooms).href;
const card = (page: Page) => page.getByRole("article", { name: MODEL, exact: true });
const result = (page: Page) => page.getByRole("region", { name: "Result" });
const stepShown = async (page: Page): Promise<number> => Number(/Step (\d+) of/.exec((await page.getByText(/^Step \d+ of \d+$/).first().textContent()) ?? "")?.[1] ?? "-1");
const seedShown = async (page: Page): Promise<string> => /#(\d+)/.exec((await result(page).textContent()) ?? "")?.[1] ?? "";

it("asks for the studio before the person, and names no reason that tells who exists", async () => {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  watch(page);
  await page.goto(STUDIO.origin);
  await page.getByLabel("Studio name or address").fill(SLUG);
  await shoot(page, "studio");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("E-mail").fill("nobody@studio.example");
  await page.getByLabel("Password").fill("not the password");
  await shoot(page, "sign-in");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("do not belong together").waitFor();
  await shoot(page, "sign-in-refused");
  await page.context().close();
});

it("brings a dropped folder of pictures, names what it refuses, and freezes", async () => {
  const { page, context, rooms } = await arrive(browser, person("lead"));
  await page.goto(room(rooms, "datasets"));
  await page.getByRole("button", { name: "New dataset" }).click();
  await page.getByLabel("Name", { exact: true }).fill(DATASET);
  await page.getByRole("button", { name: "Create dataset" }).click();
  await page.getByRole("heading", { name: DATASET }).waitFor();
  const area = page.getByText(/^Drop pictures/);
  await dropFromDisk(page, area, [PICTURES]);
  await page.getByText(`${String(pictures().length)} files wait`).waitFor();
  expect(await page.getByLabel("Rights basis for these files").inputValue()).toBe("");
  expect(await page.getByRole("button", { name: "Upload them" }).isDisabled()).toBe(true);
  await shoot(page, "dataset-held");
  await page.getByLabel("Rights basis for these files").selectOption("own_work");
  await page.getByRole("button", { name: "Upload them" }).click();
  await page.getByText(`${String(pictures().length)} sealed`).waitFor({ timeout: 5 * MINUTE });
  const first = readFileSync(pictures()[0] ?? "");
  await dropMade(page, area, [
    { name: "letter.png", type: "image/png", bytes: Buffer.from("no picture") },
    { name: "broken.png", type: "image/png", bytes: first.subarray(0, 120) },
    { name: "again.png", type: "image/png", bytes: first },
    { name: "nearly.png", type: "image/png", bytes: await nearlyTheSame(page, first) },
  ]);
  await page.getByText("Only PNG, JPEG and WebP are taken.").waitFor();
  await page.getByText("This file cannot be read as a picture.").waitFor();
  await page.getByText("This picture is already in the dataset.").waitFor();
  await page.getByText("3 refused").waitFor();
  await page.getByRole("link", { name: /^Sealed, but it looks like/ }).waitFor();
  const alike = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: /^Looks like/ }) });
  await alike.waitFor();
  await seesPicture(page, 'img[alt="Picture 1"]', MINUTE);
  await shoot(page, "dataset-uploads");
  await alike.getByRole("button", { name: /^Remove picture/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove picture" }).click();
  await alike.waitFor({ state: "detached" });
  expect(captions()).toContain(await page.getByLabel("Caption of picture 1", { exact: true }).inputValue());
  await page.getByRole("button", { name: "Freeze" }).click();
  await page.getByRole("button", { name: "Freeze dataset" }).click();
  await page.getByText("Its list is committed to in the ledger").waitFor();
  expect(await page.getByRole("button", { name: /^Remove picture/ }).count()).toBe(0);
  await shoot(page, "dataset-frozen");
  await context.close();
});

it("trains, shows loss, samples and time left, stops, and goes on exactly there", async () => {
  const { page, context, rooms } = await arrive(browser, person("lead"));
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
  await page.getByText(/^\d+:\d\d left$/).waitFor({ timeout: MINUTE });
  await seesPicture(page, 'img[alt^="Sample"]', 10 * MINUTE);
  await shoot(page, "training-live");
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel training" }).click();
  await page.getByText("Cancelled", { exact: true }).waitFor({ timeout: MINUTE });
  await page.getByRole("button", { name: "Resume" }).waitFor();
  const stopped = await stepShown(page);
  expect(stopped).toBeGreaterThan(0);
  expect(stopped).toBeLessThan(STEPS);
  await shoot(page, "training-cancelled");
  const lowest = await lowestStepAfter(page);
  expect(lowest).toBeGreaterThanOrEqual(stopped);
  await page.getByText(/^Step \d+$/).nth(1).waitFor();
  await shoot(page, "training-finished");
  await context.close();
});

/** Resume, and watch which steps the page tells until the training is finished. */
async function lowestStepAfter(page: Page): Promise<number> {
  await page.getByRole("button", { name: "Resume" }).click();
  const finished = page.getByText("The model is trained and waits as a candidate");
  let lowest = STEPS;
  for (const until = Date.now() + 15 * MINUTE; Date.now() < until; await page.waitForTimeout(200)) {
    lowest = Math.min(lowest, await stepShown(page));
    if (await finished.isVisible()) return lowest;
  }
  throw new Error("the resumed training did not finish");
}

it("lets nobody approve her own model, and a second person approve it", async () => {
  const own = await arrive(browser, person("lead"));
  await own.page.goto(room(own.rooms, "models"));
  await card(own.page).getByText("Held-out loss").waitFor({ timeout: 10 * MINUTE });
  await card(own.page).getByText("You trained this one. Someone else has to decide.").waitFor();
  for (const name of ["Approve", "Reject"]) expect(await card(own.page).getByRole("button", { name }).count()).toBe(0);
  await shoot(own.page, "model-own");
  const project = `/projects/${new URL(own.rooms).pathname.split("/").at(-2) ?? ""}`;
  const { told } = await ask(own.page, `${project}/models?state=candidate&limit=200`);
  const trained = (told["results"] as readonly { readonly id: string; readonly name: string }[]).find(({ name }) => name === MODEL);
  const refusal = await ask(own.page, `${project}/models/${trained?.id ?? ""}/decision`, { approve: true, reason: "It is mine." });
  expect(refusal).toMatchObject({ status: 403, told: { code: "approval.own_request" } });
  await own.context.close();
  const second = await arrive(browser, person("officer"));
  await second.page.goto(room(second.rooms, "models"));
  await card(second.page).getByRole("button", { name: "Approve" }).click();
  const dialog = second.page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("Keeps the line of the plates.");
  await shoot(second.page, "model-approve");
  await dialog.getByRole("button", { name: "Approve" }).click();
  await card(second.page).getByText("Approved").waitFor();
  await shoot(second.page, "model-approved");
  await second.context.close();
});

it("creates with it, again the same with the same seed, and refuses what the policy forbids", async () => {
  const { page, context } = await arrive(browser, person("artist"));
  await page.getByLabel("Prompt").fill(`a house, ${TRIGGER}`);
  await page.getByRole("checkbox", { name: new RegExp(MODEL) }).check();
  // As many steps as the page offers: long enough for previews on any machine.
  await page.getByRole("slider", { name: "Steps" }).press("End");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("progressbar", { name: "Progress of the picture" }).waitFor();
  await seesPicture(page, "[data-preview]", 2 * MINUTE);
  await shoot(page, "create-live");
  await seesPicture(page, RESULT, 3 * MINUTE);
  const [seed, first] = [await seedShown(page), await look(page.locator(RESULT))];
  expect(seed).toMatch(/^\d+$/);
  await shoot(page, "create-result");
  await page.getByRole("button", { name: "Again with the same seed" }).click();
  await page.waitForFunction(([found, before]) => {
    const image = document.querySelector<HTMLImageElement>(found ?? "");
    return image !== null && image.src !== before && image.complete && image.naturalWidth > 0;
  }, [RESULT, first.source], { timeout: 3 * MINUTE });
  const again = await look(page.locator(RESULT));
  expect(await seedShown(page)).toBe(seed);
  expect([again.width, again.height]).toEqual([first.width, first.height]);
  expect(again.pixels === first.pixels).toBe(true);
  expect(new Set(first.pixels.match(/.{8}/g)).size).toBeGreaterThan(16);
  await shoot(page, "create-again");
  await page.getByLabel("Prompt").fill(FORBIDDEN);
  await page.getByRole("button", { name: "Generate" }).click();
  await page.getByText("This request was refused").waitFor();
  await shoot(page, "create-refused");
  await context.close();
});

it("hangs it in the gallery with every fact, makes it again, downloads it, recalls it", async () => {
  const { page, context, rooms } = await arrive(browser, person("artist"));
  await page.goto(room(rooms, "gallery"));
  await seesPicture(page, 'img[alt^="Picture with seed"]', MINUTE);
  await shoot(page, "gallery");
  await page.getByRole("button", { name: /^Open picture/ }).first().click();
  const panel = page.getByRole("dialog");
  await panel.getByText("Everything recorded").waitFor();
  await seesPicture(page, 'img[alt="The picture in full"]', MINUTE);
  await shoot(page, "gallery-detail");
  await panel.getByRole("button", { name: "Make again" }).click();
  await panel.getByText("Made again: bit for bit equal.").waitFor({ timeout: 3 * MINUTE });
  await shoot(page, "gallery-replayed");
  const [file] = await Promise.all([page.waitForEvent("download"), panel.getByRole("button", { name: "Download" }).click()]);
  const bytes = readFileSync(await file.path());
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  await panel.getByRole("link", { name: "Recall into Create" }).click();
  await page.getByText("Recalled from the gallery").waitFor();
  expect(await page.getByLabel("Prompt").inputValue()).toContain(TRIGGER);
  await shoot(page, "create-recalled");
  await context.close();
});

it("reviews what was refused and what is withheld, and shows a withheld picture to nobody else", async () => {
  const second = await arrive(browser, person("officer"));
  await second.page.goto(room(second.rooms, "withheld?state=refused"));
  const asked = second.page.getByRole("table", { name: "What was asked" });
  await asked.getByText(FORBIDDEN).first().waitFor({ timeout: MINUTE });
  await second.page.getByText("No picture of this project is withheld.").waitFor();
  await shoot(second.page, "review-empty");
  const own = await arrive(browser, person("artist"));
  putInForce("strict");
  try {
    await own.page.getByLabel("Prompt").fill(WITHHELD);
    await own.page.getByRole("button", { name: "Generate" }).click();
    await own.page.getByText("The picture was withheld").waitFor({ timeout: 3 * MINUTE });
  } finally {
    putInForce("usual");
  }
  expect(await own.page.locator(RESULT).count()).toBe(0);
  await shoot(own.page, "create-withheld");
  expect(await own.page.getByRole("link", { name: "Review" }).count()).toBe(0);
  await second.page.goto(room(second.rooms, "withheld"));
  const withheld = second.page.getByRole("article", { name: "Withheld picture" });
  await withheld.getByText(WITHHELD).waitFor({ timeout: MINUTE });
  expect(await withheld.getByRole("img").count()).toBe(0);
  await withheld.getByRole("button", { name: "Show the picture" }).click();
  await seesPicture(second.page, 'img[alt="Withheld picture"]', MINUTE);
  await shoot(second.page, "review");
  await Promise.all([own.context.close(), second.context.close()]);
});

it("proves an entry in the browser", async () => {
  const { page, context, rooms } = await arrive(browser, person("officer"), "dark");
  await page.goto(room(rooms, "ledger?kind=generation.completed"));
  await page.getByRole("button", { name: /^Prove entry/ }).first().waitFor({ timeout: MINUTE });
  await shoot(page, "ledger");
  await page.getByRole("button", { name: /^Prove entry/ }).last().click();
  await page.getByText("Verified in your browser").waitFor({ timeout: MINUTE });
  expect(await page.getByTestId("computed-root").textContent()).toBe(await page.getByTestId("signed-root").textContent());
  await shoot(page, "ledger-proof");
  await context.close();
});

it("keeps every room and project in reach on a narrow screen, and says which keys lead where", async () => {
  const { page, context } = await arrive(browser, person("lead"));
  await page.setViewportSize({ width: 600, height: 900 });
  const rooms = page.getByRole("navigation", { name: "Rooms" }).getByRole("link");
  expect(await rooms.allTextContents()).toEqual(["Create", "Gallery", "Datasets", "Training", "Models", "Ledger", "Take away", "Access review", "Tokens"]);
  await page.getByRole("link", { name: "Models", exact: true }).waitFor();
  const chooser = await page.getByLabel("Project", { exact: true }).boundingBox();
  expect(chooser?.width).toBeGreaterThan(24);
  await shoot(page, "narrow");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText("Go to Take away").waitFor();
  await shoot(page, "help");
  await context.close();
});

it("opens the API's documentation with its operations", async () => {
  const { page, context } = await arrive(browser, person("lead"));
  await page.goto(new URL("/api/docs", STUDIO.origin).href);
  const operations = page.locator(".opblock-summary-path");
  await operations.first().waitFor({ timeout: MINUTE });
  await shoot(page, "api-docs");
  // Of so many the page draws those that are in view, so one goes down to the last.
  const seen = new Set<string>();
  for (let turn = 0; turn < 60 && !seen.has("/api/v1/tokens"); turn++) {
    for (const path of await operations.evaluateAll((found) => found.map((one) => one.getAttribute("data-path") ?? ""))) seen.add(path);
    await page.mouse.wheel(0, 400);
    await page.waitForTimeout(150);
  }
  expect([...seen]).toEqual(expect.arrayContaining(["/api/v1/access-reviews", "/api/v1/session", "/api/v1/tokens"]));
  await context.close();
});

it("takes the model away, once a passkey is there to show for it", async () => {
  const { page, context, rooms } = await arrive(browser, person("lead"));
  await page.goto(room(rooms, "exit"));
  await page.getByLabel("Model", { exact: true }).selectOption({ label: MODEL });
  await page.getByRole("button", { name: "Request bundle" }).click();
  const asked = page.getByRole("dialog", { name: "Is it really you?" });
  await asked.getByRole("link", { name: "Add one to your account" }).click();
  await addPasskey(page, person("lead"));
  await shoot(page, "account");
  await page.goto(room(rooms, "exit"));
  await page.getByLabel("Model", { exact: true }).selectOption({ label: MODEL });
  await page.getByRole("button", { name: "Request bundle" }).click();
  await asked.getByRole("button", { name: "Use a passkey" }).waitFor();
  await shoot(page, "step-up");
  await asked.getByRole("button", { name: "Use a passkey" }).click();
  const bundle = page.getByRole("article", { name: MODEL, exact: true }).first();
  await bundle.getByRole("button", { name: "Download bundle" }).waitFor({ timeout: 5 * MINUTE });
  await shoot(page, "exit-ready");
  const [file] = await Promise.all([page.waitForEvent("download"), bundle.getByRole("button", { name: "Download bundle" }).click()]);
  expect(readFileSync(await file.path()).subarray(0, 2).toString()).toBe("PK");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.waitForURL(/\/projects\/[0-9a-f-]+\/[a-z]+/);
  await context.close();
});

it("kept a picture of every scene", () => {
  expect(scenesMissing()).toEqual([]);
});

it("broke no script and no rule of the content security policy", () => {
  expect(troubles).toEqual([]);
});
