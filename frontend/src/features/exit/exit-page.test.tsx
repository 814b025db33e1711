import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { ADAPTER, BASE, EXIT, PROJECT } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";

const page = (results: readonly unknown[]) => ({ next: null, previous: null, results });
const show = (replies = {}) => {
  const service = startService({ ...REPLIES, ...replies });
  renderAt(`/projects/${PROJECT}/exit`);
  return service;
};

it("asks for the bundle of an approved model", async () => {
  const { asked } = show({ "POST /exits": EXIT });
  await userEvent.click(await screen.findByRole("button", { name: "Request bundle" }));
  await waitFor(() => { expect(asked.find(({ method }) => method === "POST")?.body).toMatchObject({ model: ADAPTER.id }); });
});

it("says that models could not be loaded, and not that there is none", async () => {
  show({ "GET /models": refusal(500, "http_500") });
  expect(await screen.findByText("This could not be loaded")).toBeTruthy();
  expect(screen.queryByText(/There is none yet/)).toBeNull();
  expect(screen.queryByRole("button", { name: "Request bundle" })).toBeNull();
});

it("says that nothing can be taken away where only bases are", async () => {
  show({ "GET /models": page([BASE]) });
  expect(await screen.findByText(/There is none yet/)).toBeTruthy();
});

it("offers the download before the long list of files, which opens when asked", async () => {
  show();
  const bundle = within(await screen.findByRole("article", { name: ADAPTER.name }));
  const files = bundle.getByText("5 files");
  expect(files.tagName).toBe("SUMMARY");
  expect(bundle.getByRole("button", { name: "Download bundle" }).compareDocumentPosition(files) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
});
