import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { PROJECT, SESSION, WITHHELD } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";

const show = (replies = {}, search = "") => {
  const service = startService({ ...REPLIES, ...replies });
  renderAt(`/projects/${PROJECT}/withheld${search}`);
  return service;
};

it("says what was asked and why it is withheld, and covers the picture until it is asked for", async () => {
  show();
  const picture = await screen.findByRole("article", { name: "Withheld picture" });
  expect(within(picture).getByText(WITHHELD.prompt)).toBeTruthy();
  expect(within(picture).getByText("The classifier took the picture for sexual content.")).toBeTruthy();
  expect(within(picture).getByText(/Lena Brandt/)).toBeTruthy();
  expect(within(picture).queryByRole("img")).toBeNull();
  await userEvent.click(within(picture).getByRole("button", { name: "Show the picture" }));
  expect(within(picture).getByRole("img").getAttribute("src")).toContain(`/projects/${PROJECT}/withheld/${WITHHELD.id}/picture`);
});

it("lists what was asked, and asks the service for the chosen state alone", async () => {
  const { asked } = show();
  const table = await screen.findByRole("table", { name: "What was asked" });
  expect(within(table).getByText("bl00d")).toBeTruthy();
  expect(asked.some(({ path }) => path.endsWith("/generations"))).toBe(true);
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "State" }), "refused");
  await screen.findByRole("table", { name: "What was asked" });
  expect(asked.some(({ path }) => path.endsWith("/generations?state=refused"))).toBe(true);
});

it("starts from the state in the address", async () => {
  const { asked } = show({}, "?state=withheld");
  await screen.findByRole("table", { name: "What was asked" });
  expect(asked.filter(({ path }) => path.includes("/generations")).map(({ path }) => path.split("?")[1])).toEqual(["state=withheld"]);
});

it("says so when there is nothing", async () => {
  const nothing = { next: null, previous: null, results: [] };
  show({ "GET /withheld": nothing, "GET /generations": nothing });
  expect(await screen.findByText("No picture of this project is withheld.")).toBeTruthy();
  expect(await screen.findByText("Nothing was asked that fits.")).toBeTruthy();
});

it("says what the service says to whoever may not", async () => {
  show({ "GET /withheld": refusal(403, "permission.missing") });
  expect(await screen.findByText("Your role does not allow this.")).toBeTruthy();
});

it("is offered to whoever may review, and to nobody else", async () => {
  show();
  expect(await screen.findByRole("link", { name: "Review" })).toBeTruthy();
});

it("is not offered to others", async () => {
  const others = { ...SESSION, projects: SESSION.projects.map((one) => ({ ...one, permissions: one.permissions.filter((held) => held !== "withheld.review") })) };
  startService({ ...REPLIES, "GET /session": others });
  renderAt(`/projects/${PROJECT}/gallery`);
  await screen.findByRole("link", { name: "Gallery" });
  expect(screen.queryByRole("link", { name: "Review" })).toBeNull();
});
