import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { PROJECT, SESSION } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";

const pending = new Response(JSON.stringify({ status: 401, data: { flows: [{ id: "login" }, { id: "mfa_authenticate", types: ["totp", "recovery_codes"], is_pending: true }] } }), { status: 401 });
const wrong = new Response(JSON.stringify({ status: 400, errors: [{ code: "incorrect_code", message: "" }] }), { status: 400 });

it("asks for a second factor after the password, and says that a code was wrong", async () => {
  const { asked } = startService({ ...REPLIES, "GET /session": refusal(401, "unauthenticated"), "POST /login": pending, "POST /authenticate": wrong });
  renderAt("/");
  await userEvent.type(await screen.findByLabelText("E-mail"), "lena@northlight.example");
  await userEvent.type(screen.getByLabelText("Password"), "right");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  await userEvent.type(await screen.findByLabelText("Code"), "123 456");
  await userEvent.click(screen.getByRole("button", { name: "Continue" }));
  expect(await screen.findByText(/This code is not right/)).toBeTruthy();
  expect(asked.find(({ path }) => path.endsWith("/2fa/authenticate"))?.body).toEqual({ code: "123456" });
});

function startRefusing(answers: readonly unknown[], replies = REPLIES) {
  const service = startService({ ...replies, "POST /reauthenticate": { status: 200, data: {} } });
  const plain = window.fetch;
  let at = 0;
  window.fetch = (input, init) => {
    const path = new URL(input instanceof Request ? input.url : input, window.location.origin).pathname;
    if (init?.method !== "POST" || !path.endsWith("/tokens")) return plain(input, init);
    const answer = answers[at++];
    return Promise.resolve(answer instanceof Response ? answer.clone() : new Response(JSON.stringify(answer)));
  };
  return { ...service, tries: () => at };
}

async function issue() {
  renderAt(`/projects/${PROJECT}/tokens`);
  await userEvent.click(await screen.findByRole("button", { name: "New token" }));
  await userEvent.type(screen.getByLabelText("What is it for?"), "Krita");
  await userEvent.click(screen.getByRole("button", { name: "Issue token" }));
  return within(await screen.findByRole("dialog", { name: "Is it really you?" }));
}

it("asks for a fresh factor where a deed needs one, and then does the deed", async () => {
  const service = startRefusing([refusal(403, "step_up.needed"), { id: "1", token: "ghl_pat_shown_once" }]);
  const dialog = await issue();
  await userEvent.type(await dialog.findByLabelText("Code"), "123456");
  await userEvent.click(dialog.getByRole("button", { name: "Continue" }));
  expect(await screen.findByText("ghl_pat_shown_once")).toBeTruthy();
  expect(service.tries()).toBe(2);
});

it("does nothing more when she does not show it, and says why", async () => {
  const service = startRefusing([refusal(403, "step_up.needed"), { id: "1", token: "ghl_pat_shown_once" }]);
  const dialog = await issue();
  await userEvent.click(dialog.getByRole("button", { name: "Close" }));
  expect(await screen.findByText(/Show your second factor again/)).toBeTruthy();
  expect(service.tries()).toBe(1);
});

const CORP = { slug: "corp", name: "Corp", protocol: "oidc", url: "/s/northlight/_allauth/oidc/corp/login/" };

it.each([true, false])("offers the provider that opened the session only where its fresh sign-in counts (%s)", async (counts) => {
  const session = { ...SESSION, policy: { ...SESSION.policy, provider_step_up: counts }, provider: CORP };
  startRefusing([refusal(403, "step_up.needed")], { ...REPLIES, "GET /session": session });
  const dialog = await issue();
  expect(await dialog.findByLabelText("Code")).toBeTruthy();
  const href = dialog.queryByRole("link", { name: "Sign in with Corp again" })?.getAttribute("href");
  expect(href).toBe(counts ? `${CORP.url}?next=%2Fs%2Fnorthlight%2F&fresh=1` : undefined);
  await userEvent.click(dialog.getByRole("button", { name: "Close" }));
});
