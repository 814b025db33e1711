import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";
import { studioAsked } from "./studio-asked";

it.each([
  ["northlight", "northlight"],
  ["  Northlight Studio ", "Northlight Studio"],
  ["http://127.0.0.1:8000/s/northlight/", "northlight"],
  ["https://guildhall.example/s/northlight", "northlight"],
  ["guildhall.example/s/northlight/projects/1/create?recall=2", "northlight"],
  ["/s/northlight/", "northlight"],
  ["s/northlight#top", "northlight"],
  ["Stills / Sketches", "Stills / Sketches"],
])("asks for the studio that %s means", (typed, asked) => {
  expect(studioAsked(typed)).toBe(asked);
});

it("finds the studio by its pasted address", async () => {
  window.history.replaceState(null, "", "/");
  const { asked } = startService({ ...REPLIES, "GET /session": refusal(404, "studio.unknown"), "GET /studios": refusal(404, "studio.unknown") });
  renderAt("/");
  await userEvent.type(await screen.findByLabelText("Studio name or address"), "http://localhost:3000/s/northlight/");
  await userEvent.click(screen.getByRole("button", { name: "Continue" }));
  await waitFor(() => { expect(asked.some(({ path }) => path === "/api/v1/studios?name=northlight")).toBe(true); });
});
