import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";

async function refusedWith(code: string) {
  const answer = new Response(JSON.stringify({ status: 400, errors: [{ code, message: "" }] }), { status: 400 });
  startService({ ...REPLIES, "GET /session": refusal(401, "unauthenticated"), "POST /login": answer });
  renderAt("/");
  await userEvent.type(await screen.findByLabelText("E-mail"), "lena@northlight.example");
  await userEvent.type(screen.getByLabelText("Password"), "wrong");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  return within(await screen.findByRole("alert"));
}

it("tells who tried too often to wait, and not that the password is wrong", async () => {
  const told = await refusedWith("too_many_login_attempts");
  expect(told.getByText("Too many tries. Wait a few minutes.")).toBeTruthy();
});

it.each(["email_password_mismatch", "invalid"])("gives one answer to every wrong pair (%s)", async (code) => {
  expect((await refusedWith(code)).getByText("This e-mail and password do not belong together in this studio.")).toBeTruthy();
});

it("leads whoever found a token to where it is revoked", async () => {
  startService({ ...REPLIES, "GET /session": refusal(401, "unauthenticated") });
  const { router } = renderAt("/");
  await userEvent.click(await screen.findByRole("link", { name: "Found a token? Revoke it" }));
  expect(await screen.findByLabelText("The token")).toBeTruthy();
  expect(router.state.location.pathname).toBe("/leaked");
});

it("names the page in the browser's tab", async () => {
  startService({ ...REPLIES, "GET /session": refusal(401, "unauthenticated") });
  renderAt("/");
  await waitFor(() => { expect(document.title).toBe("Sign in – Guildhall"); });
});

it("hides the password while it is typed, and lets it be pasted and filled in", async () => {
  startService({ ...REPLIES, "GET /session": refusal(401, "unauthenticated") });
  renderAt("/");
  const field = await screen.findByLabelText<HTMLInputElement>("Password");
  expect(field.type).toBe("password");
  expect(field.autocomplete).toBe("current-password");
  expect(field.maxLength).toBe(-1);
  await userEvent.click(field);
  await userEvent.paste(" a long one, pasted ");
  expect(field.value).toBe(" a long one, pasted ");
});

it("says that an address is to be confirmed by mail first", async () => {
  const pending = new Response(JSON.stringify({ status: 401, data: { flows: [{ id: "login" }, { id: "verify_email", is_pending: true }] } }), { status: 401 });
  startService({ ...REPLIES, "GET /session": refusal(401, "unauthenticated"), "POST /login": pending });
  renderAt("/");
  await userEvent.type(await screen.findByLabelText("E-mail"), "lena@northlight.example");
  await userEvent.type(screen.getByLabelText("Password"), "right");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByText("Look into your mail")).toBeTruthy();
  expect(screen.getByText(/We sent a link to confirm your address/)).toBeTruthy();
});
