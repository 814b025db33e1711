import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, describe, expect, it } from "vitest";
import { ENTRIES, PROJECT, SESSION } from "@/testing/fixtures";
import { makeLog } from "@/testing/log";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";
import { keep, recall } from "./kept";

const TENANT = SESSION.tenant.id;
const entry = ENTRIES[2] ?? { id: "" };
const at = `/projects/${PROJECT}/ledger`;
let log: Awaited<ReturnType<typeof makeLog>>;

beforeAll(async () => {
  log = await makeLog(ENTRIES);
});

async function prove(by = log) {
  startService({ ...REPLIES, "GET /proof": await by.prove(2) });
  renderAt(`${at}?entry=${entry.id}`);
  return within(await screen.findByRole("dialog"));
}

describe("a proof", () => {
  it("that holds pins the log's key for the studio", async () => {
    expect(await (await prove()).findByText("Verified in your browser")).toBeTruthy();
    expect(recall(TENANT)?.vkey).toBe(log.vkey);
  });

  it.each(["guildhall.example/log/test", "guildhall.example/log/new"])("of another log put in its place is noticed, though it calls itself %s", async (origin) => {
    keep(TENANT, { vkey: log.vkey, checkpoint: await log.checkpoint(log.size) });
    expect(await (await prove(await makeLog(ENTRIES, origin))).findByText("This proof does not hold")).toBeTruthy();
    expect(recall(TENANT)?.vkey).toBe(log.vkey);
  });
});

describe("the head of the log", () => {
  it("is not there before the first checkpoint", async () => {
    startService({ ...REPLIES, "GET /checkpoint": refusal(404, "checkpoint.none_yet") });
    renderAt(at);
    expect(await screen.findByText("No checkpoint has been signed yet.")).toBeTruthy();
  });

  it("that cannot be read is a failure, not an empty log", async () => {
    startService({ ...REPLIES, "GET /checkpoint": refusal(500, "http_500") });
    renderAt(at);
    expect(await screen.findByText("This could not be loaded")).toBeTruthy();
    expect(screen.queryByText("No checkpoint has been signed yet.")).toBeNull();
  });
});

it("narrows to any kind there is", async () => {
  const { asked } = startService();
  renderAt(at);
  await userEvent.selectOptions(await screen.findByLabelText("Kind"), "policy.changed");
  await waitFor(() => { expect(asked.some(({ path }) => path.includes("kind=policy.changed"))).toBe(true); });
});
