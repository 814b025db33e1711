import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { SESSION } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";

const OKTA = { slug: "okta", name: "Okta", protocol: "oidc", url: "/s/northlight/_allauth/oidc/okta/login/" };
const atTheDoor = (offers: object, more: object = {}) => startService({ ...REPLIES, "GET /session": refusal(401, "unauthenticated"), "GET /sign-in": { name: "Northlight", providers: [OKTA], has_passwords: true, ...offers }, ...more });

it("offers the studio's providers, and passwords beside them", async () => {
  atTheDoor({});
  renderAt("/");
  expect((await screen.findByRole("link", { name: "Sign in with Okta" })).getAttribute("href")).toBe(`${OKTA.url}?next=%2Fs%2Fnorthlight%2F`);
  expect(screen.getByLabelText("Password")).toBeTruthy();
});

it("hides passwords where the studio takes none, but for break-glass accounts", async () => {
  atTheDoor({ has_passwords: false });
  renderAt("/");
  await screen.findByRole("link", { name: "Sign in with Okta" });
  expect(screen.queryByLabelText("Password")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Break-glass account" }));
  expect(screen.getByLabelText("Password")).toBeTruthy();
});

it("says what came back in the address", async () => {
  atTheDoor({});
  renderAt("/sign-in?error=sso.unknown_person");
  expect((await screen.findByRole("alert")).textContent).toMatch(/Nobody here is known by this sign-in/);
});

it("says it to who is signed in as well", async () => {
  startService();
  renderAt("/sign-in?error=sso.other_person");
  expect((await screen.findByRole("alert")).textContent).toMatch(/Somebody else signed in there/);
});

it("says why nobody is let in from here", async () => {
  atTheDoor({}, { "GET /session": refusal(403, "session.network") });
  renderAt("/");
  expect((await screen.findByRole("alert")).textContent).toMatch(/from this network/);
});

it("asks for a link, and says the same whoever has the address", async () => {
  const { asked } = atTheDoor({}, { "POST /request": { status: 200 } });
  renderAt("/");
  await userEvent.click(await screen.findByRole("button", { name: "Forgot password" }));
  await userEvent.type(screen.getByLabelText("E-mail"), "lena@northlight.example");
  await userEvent.click(screen.getByRole("button", { name: "Send link" }));
  expect(await screen.findByText("Look into your mail")).toBeTruthy();
  expect(asked.at(-1)).toMatchObject({ path: "/s/northlight/_allauth/browser/v1/auth/password/request", body: { email: "lena@northlight.example" } });
});

const OVER = new Response(JSON.stringify({ status: 400, errors: [{ code: "invalid_password_reset", param: "key" }] }), { status: 400 });

it.each([
  [refusal(401, "unauthenticated"), "Your password is set."],
  [OVER, "This link was used, or is too old. Ask for a new one."],
])("sets a password by the key of a link, signed in or not", async (answer, said) => {
  const { asked } = startService({ ...REPLIES, "GET /session": refusal(401, "unauthenticated"), "POST /reset": answer });
  renderAt("/set-password#1-abc");
  await userEvent.type(await screen.findByLabelText("New password"), "lanterns at sea");
  await userEvent.click(screen.getByRole("button", { name: "Set password" }));
  expect(await screen.findByText(said)).toBeTruthy();
  expect(asked.find(({ path }) => path.endsWith("/auth/password/reset"))?.body).toEqual({ key: "1-abc", password: "lanterns at sea" });
});

it("proves an address by a press, and not by being opened", async () => {
  const { asked } = startService({ ...REPLIES, "POST /email/:id": { status: 200 } });
  renderAt("/verify-email#abc");
  await userEvent.click(await screen.findByRole("button", { name: "Confirm address" }));
  expect(await screen.findByText("Your address is confirmed.")).toBeTruthy();
  expect(asked.filter(({ path }) => path.endsWith("/verify"))).toMatchObject([{ body: { key: "abc" } }]);
});

const must = (what: string) => ({ ...SESSION, policy: { ...SESSION.policy, must: what } });

it("shows only the factors to a session that has to add one", async () => {
  startService({ ...REPLIES, "GET /session": must("enrol_factor"), "GET /authenticators": { status: 200, data: [] } });
  renderAt("/");
  expect(await screen.findByText("Your studio asks for a second factor. Add one to go on.")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Add an authenticator app" })).toBeTruthy();
  expect(screen.queryByRole("navigation")).toBeNull();
});

it("asks a session for its factor, and opens the rooms then", async () => {
  const replies: Record<string, unknown> = { ...REPLIES, "GET /session": must("show_factor"), "POST /reauthenticate": { status: 200, data: {} } };
  const { asked } = startService(replies);
  renderAt("/account");
  await userEvent.type(await screen.findByLabelText("Code"), "123456");
  replies["GET /session"] = SESSION;
  await userEvent.click(screen.getByRole("button", { name: "Continue" }));
  expect(await screen.findByRole("navigation")).toBeTruthy();
  expect(asked.find(({ method }) => method === "POST")?.path).toMatch(/2fa\/reauthenticate$/);
});
