import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { pseudoCatalogue, wordsFrom } from "@/lib/words/words";
import { CANDIDATE, EXPLANATION, GENERATION, OPERATOR, PROJECT, REFUSED, RUN, SESSION } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";

const words = wordsFrom(pseudoCatalogue(), "en-GB");
const SPOKEN = ["aria-label", "placeholder", "title", "alt"] as const;
const at = (room: string) => `/projects/${PROJECT}/${room}`;

/** Text that is neither from the catalogue nor marked as somebody's own words. Options carry names, so only their own words count. */
function stragglers(root: Element): readonly string[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: string[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const owner = node.parentElement;
    if (!owner || owner.closest('[translate="no"], style, script, option, textarea')) continue;
    if (isPlain(node.textContent)) found.push(node.textContent ?? "");
  }
  for (const element of root.querySelectorAll(SPOKEN.map((name) => `[${name}]`).join(","))) {
    if (element.closest('[translate="no"]') || element.hasAttribute("data-content")) continue;
    for (const name of SPOKEN) if (isPlain(withoutDigests(element.getAttribute(name)))) found.push(`${name}=${element.getAttribute(name) ?? ""}`);
  }
  return found;
}

/** What the pseudo-locale wraps may quote people's words, and phrases of its own; outside of its brackets no plain word may stand. */
const isPlain = (text: string | null): boolean => /[A-Za-z]{2,}/.test((text ?? "").replaceAll(/⟦[^⟦⟧]*⟧/g, "").replaceAll(/⟦[^⟦⟧]*⟧/g, ""));
const withoutDigests = (text: string | null): string => (text ?? "").replaceAll(/\b[0-9a-f-]{16,}\b/g, "");

const ROOMS = ["create", "gallery", "gallery?asset=x", "datasets", "datasets/x", "training", "training/x", "training?dataset=x", "models", "ledger", "withheld", "exit", "tokens", "reviews", "reviews/x", "explain"];

it.each(ROOMS)("finds no straggler in %s", async (room) => {
  startService();
  renderAt(at(room), words);
  await waitFor(() => { expect(document.querySelector("main h1, main h2")).toBeTruthy(); });
  await waitFor(() => { expect(screen.queryByLabelText(words.say("say.loading"))).toBeNull(); });
  expect(stragglers(document.body)).toEqual([]);
});

it.each(["create", "gallery", "datasets", "training", "models", "ledger", "withheld", "exit", "tokens", "reviews"])("finds no straggler in %s when everything is empty", async (room) => {
  const nothing = { next: null, previous: null, results: [] };
  const empty = Object.fromEntries(Object.entries(REPLIES).map(([route, reply]) => [route, typeof reply === "object" && reply !== null && "results" in reply ? nothing : reply]));
  startService(empty);
  renderAt(at(room), words);
  await waitFor(() => { expect(screen.queryByLabelText(words.say("say.loading"))).toBeNull(); });
  await waitFor(() => { expect(document.querySelector("main h1, main h2")).toBeTruthy(); });
  expect(stragglers(document.body)).toEqual([]);
});

const OF_THE_STUDIO = ["account", "settings/people", "settings/groups", "settings/roles", "settings/grants", "settings/security", "settings/service-accounts", "settings/reviews", "settings/reviews/x", "settings/tokens", "leaked", "settings/limits", "settings/single-sign-on", "settings/single-sign-on?test=1", "settings/provisioning", "settings/support"];

it.each(OF_THE_STUDIO)("finds no straggler in %s of the studio", async (room) => {
  startService();
  renderAt(`/${room}`, words);
  await waitFor(() => { expect(document.querySelector("main h1, main h2")).toBeTruthy(); });
  await waitFor(() => { expect(screen.queryByLabelText(words.say("say.loading"))).toBeNull(); });
  expect(stragglers(document.body)).toEqual([]);
});

it("finds no straggler at the door", async () => {
  startService({ ...REPLIES, "GET /session": refusal(401, "unauthenticated") });
  renderAt("/", words);
  await screen.findByText(words.say("entrance.password"));
  expect(stragglers(document.body)).toEqual([]);
});

it("finds no straggler at the door of a studio with providers, and where a password is asked for anew", async () => {
  const offers = { name: "Northlight", providers: [{ slug: "okta", name: "Okta", protocol: "oidc", url: "/1" }], has_passwords: false };
  startService({ ...REPLIES, "GET /session": refusal(401, "unauthenticated"), "GET /sign-in": offers, "POST /request": { status: 200 } });
  renderAt("/sign-in?error=sso.userinfo_refused", words);
  await userEvent.click(await screen.findByRole("button", { name: words.say("entrance.break_glass") }));
  expect(stragglers(document.body)).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: words.say("entrance.forgot") }));
  await userEvent.type(screen.getByLabelText(words.say("entrance.email")), "1@2.3");
  await userEvent.click(screen.getByRole("button", { name: words.say("entrance.forgot.go") }));
  await screen.findByText(words.say("entrance.forgot.sent"));
  expect(stragglers(document.body)).toEqual([]);
});

it.each(["set-password", "verify-email#1", "sign-in?error=sso.not_fresh"])("finds no straggler in %s", async (page) => {
  startService();
  renderAt(`/${page}`, words);
  await waitFor(() => { expect(document.querySelector("main h1")).toBeTruthy(); });
  expect(stragglers(document.body)).toEqual([]);
});

it.each(["enrol_factor", "show_factor"])("finds no straggler where a session must first %s", async (must) => {
  startService({ ...REPLIES, "GET /session": { ...SESSION, policy: { ...SESSION.policy, must } } });
  renderAt("/", words);
  await waitFor(() => { expect(document.querySelector("main h1")).toBeTruthy(); });
  await waitFor(() => { expect(screen.queryByLabelText(words.say("say.loading"))).toBeNull(); });
  expect(stragglers(document.body)).toEqual([]);
});

it("finds no straggler where the studio is asked for, or is unknown", async () => {
  window.history.replaceState(null, "", "/");
  startService({ ...REPLIES, "GET /session": refusal(404, "studio.unknown"), "GET /studios": refusal(404, "studio.unknown") });
  renderAt("/", words);
  await userEvent.type(await screen.findByLabelText(words.say("entrance.studio.field")), "1");
  expect(stragglers(document.body)).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: words.say("entrance.studio.go") }));
  await screen.findByText(words.say("entrance.studio.missing"));
  expect(stragglers(document.body)).toEqual([]);
});

it.each(["email_password_mismatch", "too_many_login_attempts", "csrf"])("finds no straggler when signing in fails (%s)", async (code) => {
  startService({ ...REPLIES, "GET /session": refusal(401, "unauthenticated"), "POST /login": refusal(400, code) });
  renderAt("/", words);
  await userEvent.type(await screen.findByLabelText(words.say("entrance.email")), "1@2.3");
  await userEvent.type(screen.getByLabelText(words.say("entrance.password")), "4");
  await userEvent.click(screen.getByRole("button", { name: words.say("entrance.sign_in.go") }));
  await screen.findByRole("alert");
  expect(stragglers(document.body)).toEqual([]);
});

it.each([REFUSED, { ...REFUSED, state: "withheld" }, { ...REFUSED, state: "failed", reasons: [] }, { ...REFUSED, state: "cancelled", reasons: [] }])("finds no straggler in a request that ended as $state", async (ended) => {
  startService({ ...REPLIES, "POST /generations": { results: [ended] }, "GET /generations/:id": ended });
  renderAt(at("create"), words);
  await userEvent.type(await screen.findByLabelText(words.say("create.prompt")), "1");
  await userEvent.click(screen.getByRole("button", { name: words.say("create.go") }));
  await screen.findByText(words.say(`create.${ended.state as "refused" | "withheld" | "failed" | "cancelled"}.title`));
  expect(stragglers(document.body)).toEqual([]);
});

it("finds no straggler while a picture is made", async () => {
  const running = { ...GENERATION, state: "running", asset: null };
  startService({ ...REPLIES, "POST /generations": { results: [running] }, "GET /generations/:id": running });
  renderAt(at("create"), words);
  await userEvent.type(await screen.findByLabelText(words.say("create.prompt")), "1");
  await userEvent.click(screen.getByRole("button", { name: words.say("create.go") }));
  await screen.findByLabelText(words.say("create.progress.label"));
  expect(stragglers(document.body)).toEqual([]);
});

it("finds no straggler where nothing is", async () => {
  startService();
  renderAt("/projects/1/2/3/4", words);
  await screen.findByText(words.say("say.not_found.title"));
  expect(stragglers(document.body)).toEqual([]);
});

it("finds no straggler for whoever is in no project", async () => {
  startService({ ...REPLIES, "GET /session": { ...SESSION, projects: [], permissions: ["project.create"] } });
  renderAt("/", words);
  await screen.findByText(words.say("nav.no_project.title"));
  expect(stragglers(document.body)).toEqual([]);
});

it.each(["create", "gallery", "gallery?asset=x", "datasets", "datasets/x", "training", "training/x", "training?dataset=x", "models", "ledger", "withheld", "exit", "tokens", "reviews", "reviews/x"])("finds no straggler in %s when nothing loads", async (room) => {
  startService({ "GET /session": SESSION });
  renderAt(at(room), words);
  await screen.findAllByText(words.say("say.failed_to_load"));
  expect(stragglers(document.body)).toEqual([]);
});

it.each(["queued", "paused", "finished", "failed", "cancelled"])("finds no straggler in a training that is %s", async (state) => {
  startService({ ...REPLIES, "GET /training-runs/:id": { ...RUN, state, code: "4", samples: [], loss_curve: [] } });
  renderAt(at("training/x"), words);
  await screen.findAllByText(words.say(`state.${state as "queued"}`));
  expect(stragglers(document.body)).toEqual([]);
});

const DIALOGS_OF_THE_STUDIO = [
  ["settings/provisioning", words.say("tokens.new")],
  ["settings/provisioning", words.say("services.rotate", { name: "Okta" })],
  ["settings/provisioning", words.say("tokens.revoke", { name: "Okta" })],
  ["settings/support", words.say("support.give")],
  ["settings/support", words.say("support.end", { reason: "a training stops at step 40" })],
  ["settings/single-sign-on", words.say("sso.add")],
  ["settings/single-sign-on", "Okta"],
  ["settings/single-sign-on", "Keycloak"],
  ["settings/single-sign-on", words.say("sso.domains.claim")],
  ["settings/single-sign-on", words.say("sso.domains.prove", { domain: "northlight.film" })],
  ["settings/single-sign-on", words.say("sso.domains.release", { domain: "northlight.film" })],
  ["account", words.say("account.password.change")],
  ["account", words.say("account.devices.end_others")],
  ["settings/people", words.say("people.add")],
  ["settings/people", words.say("people.suspend", { name: "Lena Brandt" })],
  ["settings/people", words.say("person.open", { name: "Olive Marsh" })],
  ["settings/groups", words.say("groups.new")],
  ["settings/groups", "Animators"],
  ["settings/roles", words.say("roles.define")],
  ["settings/grants", words.say("grants.new")],
  ["settings/service-accounts", words.say("services.new")],
  ["settings/service-accounts", "Render farm"],
  ["settings/tokens", words.say("tokens.all.revoke", { name: "Nightly renders", person: "Render farm" })],
  ["settings/limits", words.say("limits.new")],
  ["settings/limits", words.say("limits.change", { name: "Animators" })],
  ["settings/limits", words.say("limits.remove", { name: "Animators" })],
  ["settings/reviews", words.say("reviews.new")],
  ["settings/reviews/x", words.say("reviews.close")],
  ["settings/reviews/x", words.say("reviews.revoke", { role: words.say("role.officer"), name: "Olive Marsh" })],
] as const; // prettier-ignore

it.each(DIALOGS_OF_THE_STUDIO)("finds no straggler in the dialog of %s behind %s", async (room, button) => {
  startService();
  renderAt(`/${room}`, words);
  await userEvent.click(await screen.findByRole("button", { name: button }));
  const dialog = await screen.findByRole("dialog");
  await waitFor(() => { expect(screen.queryByLabelText(words.say("say.loading"))).toBeNull(); });
  expect(stragglers(dialog)).toEqual([]);
});

it.each(["studios", "health", "enter"])("finds no straggler in %s of the platform", async (room) => {
  startService({ ...REPLIES, "GET /session": OPERATOR });
  renderAt(`/settings/${room}`, words);
  await waitFor(() => { expect(document.querySelector("main h1, main h2")).toBeTruthy(); });
  await waitFor(() => { expect(screen.queryByLabelText(words.say("say.loading"))).toBeNull(); });
  expect(stragglers(document.body)).toEqual([]);
});

it.each([words.say("studios.found"), words.say("studios.quota", { name: "Northlight Studio" }), words.say("studios.suspend", { name: "Northlight Studio" })])("finds no straggler in the dialog of the platform's studios behind %s", async (button) => {
  startService({ ...REPLIES, "GET /session": OPERATOR });
  renderAt("/settings/studios", words);
  await userEvent.click(await screen.findByRole("button", { name: button }));
  expect(stragglers(await screen.findByRole("dialog"))).toEqual([]);
});

it.each(["account", "settings/single-sign-on", "settings/provisioning", "settings/support", "settings/studios", "settings/health"])("finds no straggler in %s when nothing loads", async (room) => {
  startService({ "GET /session": SESSION });
  renderAt(`/${room}`, words);
  await screen.findAllByText(words.say("say.failed_to_load"));
  expect(stragglers(document.body)).toEqual([]);
});

const DIALOGS = [
  ["models", words.say("registry.approve")],
  ["models", words.say("registry.reject")],
  ["datasets", words.say("datasets.new")],
  ["datasets/x", words.say("datasets.freeze")],
  ["training", words.say("training.new")],
  ["training/x", words.say("training.cancel")],
  ["tokens", words.say("tokens.new")],
  ["tokens", words.say("tokens.rotate", { name: "Krita plug-in" })],
  ["tokens", words.say("tokens.revoke", { name: "Krita plug-in" })],
  ["datasets/x", words.say("datasets.remove", { number: 1 })],
  ["gallery?asset=x", words.say("gallery.withdraw")],
  ["create", words.say("nav.keys")],
] as const;

it.each(DIALOGS)("finds no straggler in the dialog of %s behind %s", async (room, button) => {
  startService({ ...REPLIES, "GET /models": { ...(REPLIES["GET /models"] as object), results: [CANDIDATE] } });
  renderAt(at(room), words);
  const before = screen.queryAllByRole("dialog").length;
  await userEvent.click(await screen.findByRole("button", { name: button }));
  await waitFor(() => { expect(screen.getAllByRole("dialog").length).toBeGreaterThan(before); });
  await waitFor(() => { expect(screen.queryByLabelText(words.say("say.loading"))).toBeNull(); });
  expect(stragglers(document.body)).toEqual([]);
});

it("finds no straggler in what a dialog says when it is refused", async () => {
  startService({ ...REPLIES, "POST /decision": refusal(403, "approval.own_request") });
  renderAt(at("models"), words);
  await userEvent.click(await screen.findByRole("button", { name: words.say("registry.approve") }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByLabelText(words.say("registry.reason")), "1");
  await userEvent.click(within(dialog).getByRole("button", { name: words.say("registry.approve") }));
  await within(dialog).findByRole("alert");
  expect(stragglers(document.body)).toEqual([]);
});

it("finds no straggler in files that wait for their right", async () => {
  startService();
  renderAt(at("datasets/x"), words);
  await screen.findByLabelText(words.say("datasets.rights"));
  await userEvent.upload(document.querySelector("input[webkitdirectory]") as HTMLInputElement, new File(["1"], "1.png"));
  await screen.findByText(words.say("datasets.held.text"));
  expect(stragglers(document.body)).toEqual([]);
});

it("finds no straggler in an explanation", async () => {
  const gone = { ...EXPLANATION, allowed: false, why: "separated", voided_by: [{ permission: "model.decide", grants: EXPLANATION.gives }], ended: EXPLANATION.gives };
  startService({ ...REPLIES, "GET /explain": gone });
  renderAt(at("explain"), words);
  await userEvent.selectOptions(await screen.findByLabelText(words.say("explain.person")), await screen.findByRole("option", { name: "Lena Brandt" }));
  await userEvent.selectOptions(screen.getByLabelText(words.say("explain.permission")), await screen.findByRole("option", { name: "Approve models." }));
  await userEvent.click(screen.getByRole("button", { name: words.say("explain.go") }));
  await screen.findByText(words.say("explain.gives"));
  expect(stragglers(document.body)).toEqual([]);
});

it("would find one", () => {
  document.body.innerHTML = '<p>Plain</p><p translate="no">name</p><img alt="words">';
  expect(stragglers(document.body)).toEqual(["Plain", "alt=words"]);
});
