import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";
import { EMPTY, keep } from "./draft";

const PAGE = "/settings/single-sign-on";

it("tells what to enter at the provider before anything is saved", async () => {
  startService();
  renderAt(PAGE);
  await userEvent.click(await screen.findByRole("button", { name: "Add a provider" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.type(dialog.getByLabelText("Name"), "Okta");
  expect(dialog.getByRole("button", { name: "Copy Redirect URI" }).textContent).toMatch(/\/s\/northlight\/_allauth\/oidc\/okta\/login\/callback\/$/);
  await userEvent.selectOptions(dialog.getByLabelText("Protocol"), "SAML 2.0");
  expect(dialog.getByRole("button", { name: "Copy ACS address" })).toBeTruthy();
  expect(dialog.queryByLabelText("Client secret")).toBeNull();
});

it("saves what was tested, with the claims that the test showed", async () => {
  keep("t1", { ...EMPTY, name: "Okta", client_id: "abc", client_secret: "hush" });
  const { asked } = startService({ ...REPLIES, "POST /identity-providers": {} });
  renderAt(`${PAGE}?test=t1`);
  const dialog = within(await screen.findByRole("dialog"));
  expect(await dialog.findByText("00u1x9")).toBeTruthy();
  await userEvent.clear(dialog.getByLabelText("Groups claim"));
  await userEvent.type(dialog.getByLabelText("Groups claim"), "roles");
  await userEvent.click(dialog.getByRole("button", { name: "Save provider" }));
  await screen.findByText(/Enable it to let people in/);
  expect(asked.find(({ method, path }) => method === "POST" && path.endsWith("/identity-providers"))?.body).toMatchObject({ test: "t1", name: "Okta", slug: "okta", groups_claim: "roles" });
  expect(asked.filter(({ path }) => path.endsWith("/test-results"))).toHaveLength(1);
});

it("says why a test failed, and goes back to the draft", async () => {
  keep("t2", { ...EMPTY, name: "Okta", metadata_url: "https://okta.example/m" });
  startService({ ...REPLIES, "POST /identity-providers/:id": { claims: null, why: "sso.cancelled" } });
  renderAt(`${PAGE}?test=t2`);
  expect(await screen.findByText(/left your identity provider without signing in/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Change and test again" }));
  expect((await screen.findByLabelText("Metadata URL")).getAttribute("value")).toBe("https://okta.example/m");
});

it("enables no provider that was not tested as it stands", async () => {
  startService();
  renderAt(PAGE);
  await userEvent.click(await screen.findByRole("button", { name: "Keycloak" }));
  expect((await screen.findByRole("button", { name: "Enable" })).hasAttribute("disabled")).toBe(true);
});

it("says that a domain does not show its challenge yet", async () => {
  startService({ ...REPLIES, "POST /prove": refusal(409, "domain.not_proved") });
  renderAt(PAGE);
  await userEvent.click(await screen.findByRole("button", { name: "Prove northlight.film" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByText("guildhall-77b1e2")).toBeTruthy();
  await userEvent.click(dialog.getByRole("button", { name: "Look now" }));
  expect(await dialog.findByText(/does not show the challenge/)).toBeTruthy();
});

it("lets the name and the groups go unread, but never the address", async () => {
  const { asked } = startService({ ...REPLIES, "PATCH /identity-providers/:id": {} });
  renderAt(PAGE);
  await userEvent.click(await screen.findByRole("button", { name: "Okta" }));
  const panel = within(await screen.findByRole("dialog"));
  const save = panel.getByRole<HTMLButtonElement>("button", { name: "Save" });
  await userEvent.clear(panel.getByLabelText("Groups claim"));
  await userEvent.click(save);
  expect(asked.find(({ method }) => method === "PATCH")?.body).toMatchObject({ groups_claim: "", name_claim: "name" });
  await userEvent.clear(panel.getByLabelText("E-mail claim"));
  expect(save.disabled).toBe(true);
});
