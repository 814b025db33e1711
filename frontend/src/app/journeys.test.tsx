import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { ADAPTER, CANDIDATE, GENERATION, MODELS, PROJECT, REFUSED, SESSION } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";

const at = (room: string) => `/projects/${PROJECT}/${room}`;
const page = (results: readonly unknown[]) => ({ next: null, previous: null, results });

it("asks for the studio's people first", async () => {
  startService({ ...REPLIES, "GET /session": refusal(401, "unauthenticated") });
  renderAt("/");
  expect(await screen.findByRole("heading", { name: "Sign in" })).toBeTruthy();
  expect(await screen.findByText("Northlight Studio")).toBeTruthy();
});

it("asks for the studio where the address names none", async () => {
  window.history.replaceState(null, "", "/");
  startService({ ...REPLIES, "GET /session": refusal(404, "studio.unknown"), "GET /studios": refusal(404, "studio.unknown") });
  renderAt("/");
  await userEvent.type(await screen.findByLabelText("Studio name or address"), "nowhere");
  await userEvent.click(screen.getByRole("button", { name: "Continue" }));
  expect(await screen.findByText("No studio of that name is here.")).toBeTruthy();
});

it("orders a picture with the chosen model, by keyboard", async () => {
  const { asked } = startService();
  renderAt(at("create"));
  await userEvent.type(await screen.findByLabelText("Prompt"), "a lantern");
  await userEvent.click(screen.getByRole("checkbox", { name: new RegExp(`^${ADAPTER.name}(?!,)`) }));
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => { expect(asked.some(({ method }) => method === "POST")).toBe(true); });
  const order = asked.find(({ method }) => method === "POST");
  expect(order).toMatchObject({ path: `/s/northlight/api/v1/projects/${PROJECT}/generations`, body: { prompt: "a lantern", seed: null, adapters: [{ model: ADAPTER.id, weight: 1 }] } });
  expect(await screen.findByRole("button", { name: "Again with the same seed" })).toBeTruthy();
});

it("makes again with the same seed", async () => {
  const { asked } = startService();
  renderAt(at("create"));
  await userEvent.type(await screen.findByLabelText("Prompt"), "a lantern");
  await userEvent.click(screen.getByRole("button", { name: "Generate" }));
  await userEvent.click(await screen.findByRole("button", { name: "Again with the same seed" }));
  await waitFor(() => { expect(asked.filter(({ method }) => method === "POST")).toHaveLength(2); });
  expect(asked.findLast(({ method }) => method === "POST")?.body).toMatchObject({ seed: GENERATION.seed, prompt: GENERATION.prompt });
});

it("says why a prompt was refused", async () => {
  startService({ ...REPLIES, "POST /generations": { results: [REFUSED] }, "GET /generations/:id": REFUSED });
  renderAt(at("create"));
  await userEvent.type(await screen.findByLabelText("Prompt"), "bl00d");
  await userEvent.click(screen.getByRole("button", { name: "Generate" }));
  const alert = await screen.findByRole("alert");
  expect(within(alert).getByText("This request was refused")).toBeTruthy();
  expect(within(alert).getByText("bl00d")).toBeTruthy();
});

it("recalls a picture into the form", async () => {
  startService();
  renderAt(at("create?recall=x"));
  expect(await screen.findByDisplayValue(GENERATION.prompt)).toBeTruthy();
  expect(screen.getByDisplayValue(String(GENERATION.seed))).toBeTruthy();
  expect(screen.getByRole("button", { name: "Draw a new seed each time" }).getAttribute("aria-pressed")).toBe("true");
});

it("lets a second person approve, with a reason", async () => {
  const { asked } = startService({ ...REPLIES, "POST /decision": CANDIDATE });
  renderAt(at("models"));
  await userEvent.click(await screen.findByRole("button", { name: "Approve" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByLabelText("Reason"), "Keeps the line");
  await userEvent.click(within(dialog).getByRole("button", { name: "Approve" }));
  await waitFor(() => { expect(asked.findLast(({ method }) => method === "POST")?.body).toEqual({ approve: true, reason: "Keeps the line" }); });
});

it("lets nobody approve her own", async () => {
  startService({ ...REPLIES, "GET /models": page(MODELS.map((model) => ({ ...model, may_decide: false, trained_by: SESSION.person.id }))) });
  renderAt(at("models"));
  expect(await screen.findByText("You trained this one. Someone else has to decide.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Approve" })).toBeNull();
});

it("draws a failure, and tries again", async () => {
  const replies: Record<string, unknown> = { ...REPLIES, "GET /datasets": refusal(500, "http_500") };
  startService(replies);
  renderAt(at("datasets"));
  await screen.findByText("This could not be loaded");
  replies["GET /datasets"] = REPLIES["GET /datasets"];
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Tidewater sketches")).toBeTruthy();
});

it("goes between rooms by keyboard, but never while typing", async () => {
  startService();
  const { router } = renderAt(at("create"));
  await userEvent.type(await screen.findByLabelText("Prompt"), "gg");
  expect(router.state.location.pathname).toBe(at("create"));
  (document.activeElement as HTMLElement).blur();
  await userEvent.keyboard("gd");
  await waitFor(() => { expect(router.state.location.pathname).toBe(at("datasets")); });
  await userEvent.keyboard("gg");
  await waitFor(() => { expect(router.state.location.pathname).toBe(at("gallery")); });
});
