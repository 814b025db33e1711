import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { PROJECT, RUN } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, startService } from "@/testing/service";

async function failedWith(code: string) {
  startService({ ...REPLIES, "GET /training-runs/:id": { ...RUN, state: "failed", code } });
  renderAt(`/projects/${PROJECT}/training/x`);
  return within(await screen.findByRole("alert"));
}

it("says in words why a training failed, and what can be done", async () => {
  const told = await failedWith("train.not_finite");
  expect(told.getByText("The training ran out of bounds. Try again with a lower learning rate.")).toBeTruthy();
  expect(told.getByText("It can be resumed from its last kept state.")).toBeTruthy();
  expect(screen.queryByText(/train\.not_finite/)).toBeNull();
});

it("names the code of a failure that has no words of its own", async () => {
  expect((await failedWith("ZeroDivisionError")).getByText(/nobody foresaw \(ZeroDivisionError\)/)).toBeTruthy();
});
