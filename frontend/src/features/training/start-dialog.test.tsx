import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { BASE, DATASETS, PROJECT, RUN, ids } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";

const page = (results: readonly unknown[]) => ({ next: null, previous: null, results });
const FREEZE_FIRST = /Freeze a dataset first/;
const suggesting = { ...BASE, suggested: { learning_rate: 0.0007, min_snr_gamma: 0, steps: 640, rank: 12 } };

async function openForm() {
  renderAt(`/projects/${PROJECT}/training?dataset=x`);
  return screen.findByRole("dialog");
}

it("says that datasets could not be loaded, and not that none is frozen", async () => {
  startService({ ...REPLIES, "GET /datasets": refusal(500, "http_500") });
  const dialog = await openForm();
  expect(await within(dialog).findByText("This could not be loaded")).toBeTruthy();
  expect(within(dialog).queryByText(FREEZE_FIRST)).toBeNull();
});

it("says nothing before the datasets are known", async () => {
  startService();
  const answer = window.fetch;
  window.fetch = (input, init) => (String(input).includes("/datasets") ? new Promise(() => undefined) : answer(input, init));
  const dialog = await openForm();
  expect(within(dialog).getByLabelText("Loading")).toBeTruthy();
  expect(within(dialog).queryByText(FREEZE_FIRST)).toBeNull();
});

it("asks to freeze one when none is frozen", async () => {
  startService({ ...REPLIES, "GET /datasets": page([DATASETS[1]]) });
  expect(await within(await openForm()).findByText(FREEZE_FIRST)).toBeTruthy();
});

it("starts from the base's suggestions and sends what was changed", async () => {
  const { asked } = startService({ ...REPLIES, "GET /models": page([suggesting, { ...BASE, id: ids(19), name: "Plain" }]), "POST /training-runs": RUN });
  const dialog = await openForm();
  await userEvent.type(await within(dialog).findByLabelText("Name of the model"), "Line");
  const rank = within(dialog).getByLabelText("Rank");
  await userEvent.clear(rank);
  await userEvent.type(rank, "4");
  await userEvent.click(within(dialog).getByRole("button", { name: "Start training" }));
  await waitFor(() => { expect(asked.some(({ method }) => method === "POST")).toBe(true); });
  expect(asked.find(({ method }) => method === "POST")?.body).toMatchObject({ base: BASE.id, config: { learning_rate: 0.0007, min_snr_gamma: 0, steps: 640, rank: 4 } });
});

it("follows the chosen base, but never over what was typed", async () => {
  startService({ ...REPLIES, "GET /models": page([suggesting, { ...BASE, id: ids(19), name: "Plain" }]) });
  const dialog = await openForm();
  const steps = await within(dialog).findByLabelText<HTMLInputElement>("Steps");
  const rank = within(dialog).getByLabelText<HTMLInputElement>("Rank");
  expect([steps.value, rank.value]).toEqual(["640", "12"]);
  await userEvent.clear(rank);
  await userEvent.type(rank, "4");
  await userEvent.selectOptions(within(dialog).getByLabelText("Base model"), "Plain");
  expect([steps.value, rank.value]).toEqual(["300", "4"]);
});
