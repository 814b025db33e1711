/* Where and as whom a journey runs, all from the environment, and the browser that walks it. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, type Page, chromium } from "playwright-core";

export type Role = "owner" | "officer" | "lead" | "trainer" | "artist" | "operator";
interface Person {
  readonly email: string;
  readonly password: string;
}

function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set`);
  return value;
}

/** The studio's address, such as http://127.0.0.1:8000/s/northlight/ */
export const STUDIO = new URL(needed("E2E_URL").replace(/\/?$/, "/"));
export const SLUG = /\/s\/([^/]+)\//.exec(STUDIO.pathname)?.[1] ?? "";
export const PICTURES = needed("E2E_PICTURES");
export const STEPS = Number(process.env["E2E_STEPS"] ?? "60");
export const PROJECT_NAME = process.env["E2E_PROJECT"] ?? "";
const PEOPLE = JSON.parse(needed("E2E_PEOPLE")) as Partial<Record<Role, Person>>;
const SHOTS = process.env["E2E_SHOTS"] ?? join(import.meta.dirname, "..", "..", "reports", "screens");

/** Who plays this role; a journey names several, and the first that exists does it. */
export function person(...roles: readonly Role[]): Person {
  const found = roles.map((role) => PEOPLE[role]).find((one) => one !== undefined);
  if (!found) throw new Error(`E2E_PEOPLE has none of ${roles.join(", ")}`);
  return found;
}

/** Where an identity provider answers that a journey signs in by. */
export const peer = (which: "oidc" | "saml"): string => needed(`E2E_PEER_${which.toUpperCase()}`);

/** Puts a policy in force at the server: one that withholds every picture, or the usual one. Whoever started the server knows how. */
export function putInForce(policy: "strict" | "usual"): void {
  const [command = "", ...words] = JSON.parse(needed(`E2E_POLICY_${policy.toUpperCase()}`)) as readonly string[];
  execFileSync(command, words, { stdio: "pipe" });
}

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The browser that E2E_CHROMIUM names, or the first that is installed. */
function executable(): string {
  const folders = (process.env["PATH"] ?? "").split(":");
  const found = [process.env["E2E_CHROMIUM"] ?? "", ...BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name)))].find((path) => path !== "" && existsSync(path));
  if (found === undefined) throw new Error("Chromium is not installed: `make chromium`");
  return found;
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: executable(), args: FLAGS });
}

/** What went wrong in any page: scripts that broke, and what the content security policy stopped. */
export const troubles: string[] = [];

export function watch(page: Page): void {
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) troubles.push(message.text());
  });
}

/** A person at her own browser, signed in, in the project. */
export async function arrive(browser: Browser, who: Person, scheme: "light" | "dark" = "light"): Promise<{ readonly page: Page; readonly context: BrowserContext; readonly rooms: URL }> {
  // The identity providers of the tests vouch for themselves.
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: scheme, acceptDownloads: true, ignoreHTTPSErrors: true });
  const page = await context.newPage();
  watch(page);
  await page.goto(STUDIO.href);
  await page.getByLabel("E-mail").fill(who.email);
  await page.getByLabel("Password").fill(who.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/projects\/[0-9a-f-]+\/[a-z]+/);
  if (PROJECT_NAME !== "") {
    await page.getByLabel("Project").selectOption({ label: PROJECT_NAME });
    await page.waitForTimeout(300);
  }
  return { page, context, rooms: new URL("./", page.url()) };
}

/** Every picture that the journey takes of the portal, in the order in which it takes them. */
const SCENES = [
  "studio", "sign-in", "sign-in-refused", "dataset-held", "dataset-uploads", "dataset-frozen", "training-form", "training-live", "training-cancelled", "training-finished",
  "model-own", "model-approve", "model-approved", "create-live", "create-result", "create-again", "create-refused", "gallery", "gallery-detail", "gallery-replayed",
  "create-recalled", "review-empty", "create-withheld", "review", "ledger", "ledger-proof", "account", "step-up", "exit-ready", "narrow", "help", "api-docs",
] as const; // prettier-ignore
export type Scene = (typeof SCENES)[number];
const fileOf = (scene: Scene): string => join(SHOTS, `${String(SCENES.indexOf(scene) + 1).padStart(2, "0")}-${scene}.png`);

/** Forget the pictures of an earlier journey, so that none is taken for this one's. */
export function clearShots(): void {
  mkdirSync(SHOTS, { recursive: true });
  for (const name of readdirSync(SHOTS)) if (name.endsWith(".png")) rmSync(join(SHOTS, name));
}

/** Keep a picture of the page under the scene's number and name. */
export async function shoot(page: Page, scene: Scene): Promise<void> {
  await page.screenshot({ path: fileOf(scene), animations: "disabled" });
}

/** The scenes of which no picture lies in the folder. */
export function scenesMissing(): readonly Scene[] {
  return SCENES.filter((scene) => !existsSync(fileOf(scene)) || statSync(fileOf(scene)).size < 2000);
}

/** The pictures of the pages on which is decided who may act. */
const SETTINGS = [
  "account", "people", "sso-empty", "sso-provider", "sso-received", "sso-enabled", "sign-in-by-provider", "joined", "sso", "joined-without-a-role", "groups", "roles", "grants",
  "limits", "reviews", "security", "services", "tokens", "provisioning", "support", "provisioning-token", "person", "group", "service", "explained", "review", "review-closed", "support-let-in", "operator-enrols",
  "studio-founding", "studios", "health", "forgot", "leaked", "factor-asked",
] as const; // prettier-ignore
const SETTINGS_SHOTS = join(SHOTS, "settings");
const settingFile = (scene: (typeof SETTINGS)[number]): string => join(SETTINGS_SHOTS, `${String(SETTINGS.indexOf(scene) + 1).padStart(2, "0")}-${scene}.png`);

export async function shootSetting(page: Page, scene: (typeof SETTINGS)[number]): Promise<void> {
  await page.screenshot({ path: settingFile(scene), animations: "disabled", fullPage: true });
}

/** The pages of which no picture of this journey lies in the folder. */
export function settingsMissing(since: number): readonly string[] {
  return SETTINGS.filter((scene) => !existsSync(settingFile(scene)) || statSync(settingFile(scene)).mtimeMs < since || statSync(settingFile(scene)).size < 2000);
}

/** Wait until a picture is really there, not only its frame. */
export async function seesPicture(page: Page, selector: string, timeout: number): Promise<void> {
  await page.waitForFunction((found) => {
    const image = document.querySelector<HTMLImageElement>(found);
    return image !== null && image.complete && image.naturalWidth > 0;
  }, selector, { timeout });
}

/** Keep what every open page showed when a step failed. */
export async function shootAll(browser: Browser): Promise<void> {
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const [at, page] of pages.entries()) await page.screenshot({ path: join(SHOTS, `failed-${String(at + 1)}.png`) });
}
