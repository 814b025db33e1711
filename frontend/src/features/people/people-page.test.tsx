import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { GROUPS, PEOPLE } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, startService } from "@/testing/service";

const GROUP = GROUPS[0]?.id ?? "";

it("lists persons and no programs", async () => {
  startService();
  renderAt("/settings/people");
  const table = within(await screen.findByRole("table", { name: "People" }));
  expect(table.getAllByRole("button", { name: /^Show / }).map(({ textContent }) => textContent)).toEqual(["Lena Brandt", "Olive Marsh", "Tom Arden"]);
});

it("lists everybody, page after page", async () => {
  const { asked } = startService();
  const plain = window.fetch;
  window.fetch = async (input, init) => {
    const answer = await plain(input, init);
    const url = new URL(input instanceof Request ? input.url : input, window.location.origin);
    if (!url.pathname.endsWith("/people")) return answer;
    const cursor = url.searchParams.get("cursor");
    const [first, ...rest] = PEOPLE;
    return new Response(JSON.stringify({ next: cursor === null ? `${url.origin}${url.pathname}?cursor=c2&limit=200` : null, previous: null, results: cursor === null ? [first] : rest }));
  };
  renderAt("/settings/people");
  expect(await screen.findByRole("button", { name: "Show Lena Brandt" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Show Tom Arden" })).toBeTruthy();
  expect(asked.filter(({ path }) => path.includes("/people")).map(({ path }) => new URLSearchParams(path.split("?")[1]).get("cursor"))).toEqual([null, "c2"]);
});

it("renames a group that is kept by hand", async () => {
  const replies: Record<string, unknown> = { ...REPLIES, "GET /members": { next: null, previous: null, results: [] }, "PATCH /groups/:id": {} };
  const { asked } = startService(replies);
  renderAt("/settings/groups");
  await userEvent.click(await screen.findByRole("button", { name: "Animators" }));
  const panel = within(await screen.findByRole("dialog"));
  const field = await panel.findByLabelText("Name of the group");
  await userEvent.clear(field);
  await userEvent.type(field, "Animation");
  replies["GET /groups"] = { next: null, previous: null, results: [{ ...GROUPS[0], name: "Animation" }] };
  await userEvent.click(panel.getByRole("button", { name: "Rename" }));
  await waitFor(() => { expect(asked.find(({ method }) => method === "PATCH")).toMatchObject({ path: `/s/northlight/api/v1/groups/${GROUP}`, body: { name: "Animation" } }); });
  expect(await screen.findByRole("dialog", { name: "Animation" })).toBeTruthy();
});
