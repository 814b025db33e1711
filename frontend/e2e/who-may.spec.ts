/* Who may act, walked through the portal's pages against two real identity providers: set up, tested, enabled, signed in by; and every page of the settings. */
import { readFileSync } from "node:fs";
import { type Browser, type Page, request } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { addPasskey, ask } from "./hands";
import { STUDIO, arrive, openBrowser, peer, person, shootAll, shootSetting, settingsMissing, troubles, watch } from "./stage";

const MAYA = "maya@northlight.example";
const NOOR = "noor@northlight.example";
const CLIENT = "guildhall";
const SECRET = "a-client-secret-that-only-both-know";

const began = Date.now();
let browser: Browser;
let admin: Page;
beforeAll(async () => {
  browser = await openBrowser();
});
afterEach(async (context) => {
  if (context.task.result?.state === "fail") await shootAll(browser);
});
afterAll(async () => {
  await browser.close();
});

const setting = (path: string): string => new URL(`settings/${path}`, STUDIO).href;
const told = async (page: Page, term: string): Promise<string> => (await page.locator("dt", { hasText: new RegExp(`^${term}$`) }).locator("xpath=following-sibling::dd[1]").first().innerText()).trim();

/** Tell a provider what to do next, as the test that plays its administrator. */
async function tell(which: "oidc" | "saml", what: string, body: object): Promise<void> {
  const asking = await request.newContext({ ignoreHTTPSErrors: true });
  const answer = await asking.post(`${peer(which)}/control/${what}`, { data: body });
  expect(answer.ok(), await answer.text()).toBe(true);
  await asking.dispose();
}

/** A page of somebody who is not signed in. */
async function stranger(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ignoreHTTPSErrors: true });
  const page = await context.newPage();
  watch(page);
  return page;
}

const whoIsAt = async (page: Page): Promise<unknown> => ((await ask(page, "/session")).told["person"] as Record<string, unknown>)["name"];

it("asks an owner for a passkey before she changes who may what", async () => {
  ({ page: admin } = await arrive(browser, person("owner"), "light"));
  await admin.goto(new URL("account", STUDIO).href);
  await addPasskey(admin, person("owner"));
  await shootSetting(admin, "account");
  await admin.goto(setting("people"));
  await admin.getByRole("button", { name: "Add person" }).click();
  const dialog = admin.getByRole("dialog", { name: "Add person" });
  await dialog.getByLabel("Name").fill("Guest of a day");
  await dialog.getByLabel("E-mail").fill("guest@elsewhere.example");
  await dialog.getByRole("button", { name: "Add person" }).click();
  const asked = admin.getByRole("dialog", { name: "Is it really you?" });
  await asked.getByRole("button", { name: "Use a passkey" }).click();
  await admin.getByText("Guest of a day").first().waitFor();
  await shootSetting(admin, "people");
});

it("sets up an OpenID provider, shows what it says before anything is saved, and lets people in by it", async () => {
  await admin.goto(setting("single-sign-on"));
  await shootSetting(admin, "sso-empty");
  await admin.getByRole("button", { name: "Add a provider" }).click();
  const dialog = admin.getByRole("dialog", { name: "Add a provider" });
  await dialog.getByLabel("Name", { exact: true }).fill("Northlight directory");
  const redirect = await told(admin, "Redirect URI");
  const out = await told(admin, "Sign-out redirect URI");
  await tell("oidc", "client", { id: CLIENT, secret: SECRET, redirect_uris: [redirect], post_logout_redirect_uris: [out] });
  await tell("oidc", "person", { email: MAYA, name: "Maya", groups: ["artists"] });
  await tell("oidc", "sign_in", { email: MAYA });
  await dialog.getByLabel("Metadata URL").fill(`${peer("oidc")}/.well-known/openid-configuration`);
  await dialog.getByLabel("Client ID").fill(CLIENT);
  await dialog.getByLabel("Client secret").fill(SECRET);
  await dialog.getByLabel("People may join by signing in").check({ force: true });
  await shootSetting(admin, "sso-provider");
  await dialog.getByRole("button", { name: "Test sign-in" }).click();
  const received = admin.getByRole("dialog", { name: "What the test received" });
  await received.getByText("The test passed").waitFor();
  expect(await received.innerText()).toContain(MAYA);
  await shootSetting(admin, "sso-received");
  expect(await told(received.page(), "email")).toBe(MAYA);
  expect((await ask(admin, "/identity-providers")).told["results"]).toEqual([]);
  await received.getByRole("button", { name: "Save provider" }).click();
  await admin.getByText("Saved. Enable it").waitFor();
  await admin.getByRole("button", { name: "Northlight directory" }).click();
  const panel = admin.getByRole("dialog", { name: "Northlight directory" });
  await panel.getByLabel("Group at the provider").fill("artists");
  const project = panel.getByLabel("Where");
  await project.selectOption({ index: 1 });
  await panel.getByLabel("Gives").selectOption({ label: "Artist" });
  await panel.getByRole("button", { name: "Add group" }).click();
  await panel.getByText(/Artist in /).waitFor();
  await panel.getByRole("button", { name: "Enable" }).click();
  await panel.getByRole("button", { name: "Disable" }).waitFor();
  await shootSetting(admin, "sso-enabled");

  const page = await stranger();
  await page.goto(STUDIO.href);
  await page.getByRole("link", { name: /Northlight directory/ }).waitFor();
  await shootSetting(page, "sign-in-by-provider");
  await page.getByRole("link", { name: /Northlight directory/ }).click();
  await page.waitForURL(/\/projects\/[0-9a-f-]+\/create/);
  await shootSetting(page, "joined");
  expect(await whoIsAt(page)).toBe("Maya");
  await page.getByRole("button", { name: "Sign out" }).click();
  // The provider asks its own person, who is signed out there too.
  await page.getByRole("button", { name: "Sign Out", exact: true }).click();
  await page.waitForURL(/\/sign-in/);
  await page.getByRole("link", { name: /Northlight directory/ }).waitFor();
  await page.context().close();
});

it("sets up a SAML provider by its metadata, and lets people in by it", async () => {
  await admin.goto(setting("single-sign-on"));
  await admin.getByRole("button", { name: "Add a provider" }).click();
  const dialog = admin.getByRole("dialog", { name: "Add a provider" });
  await dialog.getByLabel("Name", { exact: true }).fill("Old hall");
  await dialog.getByLabel("Protocol").selectOption({ label: "SAML 2.0" });
  const entity = await told(admin, "Entity ID");
  const acs = await told(admin, "ACS address");
  const sls = await told(admin, "Sign-out address");
  const service = `<?xml version="1.0"?><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entity}"><SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${sls}"/><AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${acs}" index="0"/></SPSSODescriptor></EntityDescriptor>`;
  await tell("saml", "sp", { metadata: service });
  await tell("saml", "person", { name_id: "noor-7", attributes: { email: NOOR, displayName: "Noor", groups: ["artists"] } });
  await dialog.getByLabel("Metadata URL").fill(`${peer("saml")}/metadata`);
  await dialog.getByLabel("E-mail claim").fill("email");
  await dialog.getByLabel("Name claim").fill("displayName");
  await dialog.getByLabel("Groups claim").fill("groups");
  await dialog.getByLabel("People may join by signing in").check({ force: true });
  await dialog.getByRole("button", { name: "Test sign-in" }).click();
  const received = admin.getByRole("dialog", { name: "What the test received" });
  await received.getByText("The test passed").waitFor();
  expect(await received.innerText()).toContain(NOOR);
  await received.getByRole("button", { name: "Save provider" }).click();
  await admin.getByText("Saved. Enable it").waitFor();
  await admin.getByRole("button", { name: "Old hall" }).click();
  const panel = admin.getByRole("dialog", { name: "Old hall" });
  await panel.getByRole("button", { name: "Enable" }).click();
  await panel.getByRole("button", { name: "Disable" }).waitFor();
  await admin.keyboard.press("Escape");
  await admin.getByRole("button", { name: "Claim a domain" }).first().waitFor();
  await shootSetting(admin, "sso");

  const page = await stranger();
  await page.goto(STUDIO.href);
  await page.getByRole("link", { name: /Old hall/ }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  expect(await whoIsAt(page)).toBe("Noor");
  await shootSetting(page, "joined-without-a-role");
  await page.context().close();
});

it("shows every other page of the settings with what really is there", async () => {
  const pages: readonly (readonly [string, Parameters<typeof shootSetting>[1], string])[] = [
    ["groups", "groups", "Groups"], ["roles", "roles", "Roles"], ["grants", "grants", "Maya"], ["limits", "limits", "Limits"], ["reviews", "reviews", "Access review"],
    ["security", "security", "Security"], ["service-accounts", "services", "Service accounts"], ["tokens", "tokens", "All tokens"], ["provisioning", "provisioning", "Base URL"],
    ["support", "support", "Support"],
  ]; // prettier-ignore
  for (const [path, scene, text] of pages) {
    await admin.goto(setting(path));
    await admin.waitForLoadState("networkidle");
    expect(await admin.getByRole("main").innerText()).toContain(text);
    await shootSetting(admin, scene);
  }
});

it("provisions by a token of the directory, whose value is shown once", async () => {
  await admin.goto(setting("provisioning"));
  await admin.getByRole("button", { name: "New token" }).first().click();
  const dialog = admin.getByRole("dialog");
  await dialog.getByLabel("Name of the directory").fill("Northlight directory");
  await dialog.getByRole("button", { name: /Issue/ }).click();
  await admin.getByText(/ghd_|gh[a-z]_/).first().waitFor();
  await shootSetting(admin, "provisioning-token");
});

it("opens the panels of a person, a group and a program, and says why somebody may", async () => {
  await admin.goto(setting("people"));
  await admin.getByRole("button", { name: /Alice/ }).first().click();
  await admin.getByRole("dialog", { name: /Alice/ }).waitFor();
  await admin.waitForLoadState("networkidle");
  await shootSetting(admin, "person");
  await admin.goto(setting("groups"));
  await admin.getByRole("button", { name: "New group" }).first().click();
  await admin.getByRole("dialog").getByLabel("Name").fill("Second unit");
  await admin.getByRole("dialog").getByRole("button").last().click();
  await admin.getByRole("button", { name: /Second unit/ }).first().click();
  await admin.getByRole("dialog", { name: /Second unit/ }).waitFor();
  await shootSetting(admin, "group");
  await admin.goto(setting("service-accounts"));
  await admin.getByRole("button", { name: "New service account" }).first().click();
  await admin.getByRole("dialog").getByLabel("Name of the program").fill("Render farm");
  await admin.getByRole("dialog").getByLabel("Answers for it").selectOption({ label: "Lena" });
  await admin.getByRole("dialog").getByRole("button", { name: "Create account" }).click();
  await admin.getByRole("button", { name: /Render farm/ }).first().click();
  await admin.waitForLoadState("networkidle");
  await shootSetting(admin, "service");
  await admin.goto(setting("grants"));
  await admin.getByLabel("May", { exact: true }).selectOption({ label: "Alice" });
  await admin.getByLabel("do this").selectOption({ index: 1 });
  await admin.getByRole("button", { name: "Explain" }).click();
  await admin.waitForLoadState("networkidle");
  await shootSetting(admin, "explained");
});

it("opens an access review, decides in it, and closes it with evidence", async () => {
  await admin.goto(setting("reviews"));
  await admin.getByRole("button", { name: "Open a review" }).first().click();
  await admin.getByRole("dialog").getByRole("button", { name: "Open review" }).click();
  await admin.getByText(/^Review of /).first().click();
  await admin.getByRole("button", { name: /^Confirm / }).first().click();
  await admin.getByText(/^1 of \d+ decided/).waitFor();
  await shootSetting(admin, "review");
  await admin.getByRole("button", { name: "Close review" }).click();
  await admin.getByRole("dialog").getByRole("button", { name: "Close review" }).click();
  await admin.getByText("Closed", { exact: false }).first().waitFor();
  const [evidence] = await Promise.all([admin.waitForEvent("download"), admin.getByRole("button", { name: "Save as JSON" }).click()]);
  expect(readFileSync(await evidence.path(), "utf8")).toContain("confirm");
  await shootSetting(admin, "review-closed");
});

it("lets support in for a time, and the platform's operator into nothing", async () => {
  await admin.goto(setting("support"));
  const studio = await told(admin, "Studio ID, for support");
  await admin.getByRole("button", { name: "Let support in" }).first().click();
  await admin.getByRole("dialog").getByLabel("Reason").fill("A training that does not end");
  await admin.getByRole("dialog").getByRole("button", { name: "Let support in" }).click();
  await admin.getByText("May come in").waitFor();
  await shootSetting(admin, "support-let-in");

  const operator = person("operator");
  const home = new URL("/s/platform/", STUDIO);
  const page = await stranger();
  await page.goto(home.href);
  await page.getByLabel("E-mail").fill(operator.email);
  await page.getByLabel("Password").fill(operator.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("asks for a second factor").waitFor();
  await shootSetting(page, "operator-enrols");
  await addPasskey(page, operator);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.waitForURL(/\/settings\//);
  await page.goto(new URL("settings/studios", home).href);
  await page.getByRole("main").getByText("Demo Studio").waitFor();
  await page.getByRole("button", { name: "Found a studio" }).first().click();
  await shootSetting(page, "studio-founding");
  const slug = `second-${String(began)}`;
  const dialog = page.getByRole("dialog", { name: "Found a studio" });
  await dialog.getByLabel("Name of the studio").fill("Second Studio");
  await dialog.getByLabel("Address", { exact: true }).fill(slug);
  await dialog.getByLabel("Owner's name").fill("Orla");
  await dialog.getByLabel("Owner's e-mail").fill("orla@second.example");
  await dialog.getByRole("button", { name: "Found a studio" }).click();
  const asked = page.getByRole("dialog", { name: "Is it really you?" });
  await asked.waitFor({ timeout: 4000 }).then(() => asked.getByRole("button", { name: "Use a passkey" }).click(), () => undefined);
  await page.getByRole("main").getByText("Second Studio").first().waitFor();
  await shootSetting(page, "studios");
  await page.goto(new URL("settings/health", home).href);
  await page.getByText("Key keeper").waitFor();
  await shootSetting(page, "health");
  // What the studio gave to support is not hers.
  expect((await ask(page, `/platform/studios/${studio}/enter`, {})).status).toBe(403);
  await page.context().close();
});

it("has a way back for who forgot a password, and for who finds a token", async () => {
  const page = await stranger();
  await page.goto(STUDIO.href);
  await page.getByRole("button", { name: "Forgot password" }).click();
  await shootSetting(page, "forgot");
  await page.goto(new URL("leaked", STUDIO).href);
  await page.getByLabel("The token").waitFor();
  await shootSetting(page, "leaked");
  await page.context().close();
});

it("asks everybody for a second factor from the next request on", async () => {
  const page = await stranger();
  await page.goto(STUDIO.href);
  const who = person("artist");
  await page.getByLabel("E-mail").fill(who.email);
  await page.getByLabel("Password").fill(who.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/projects\//);
  await admin.goto(setting("security"));
  await admin.getByLabel("Everybody needs a second factor").check({ force: true });
  await admin.getByRole("button", { name: "Save" }).click();
  await admin.getByText("Saved.").waitFor();
  await page.reload();
  await page.getByRole("button", { name: "Add a passkey" }).waitFor();
  await shootSetting(page, "factor-asked");
  expect((await ask(page, "/projects")).status).toBe(403);
  await admin.getByLabel("Everybody needs a second factor").uncheck({ force: true });
  await admin.getByRole("button", { name: "Save" }).click();
  await page.context().close();
});

it("kept a picture of every page, and broke no script and no rule of the content security policy", () => {
  expect(settingsMissing(began)).toEqual([]);
  expect(troubles).toEqual([]);
});
