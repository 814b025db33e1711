import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { pseudoCatalogue, wordsFrom } from "@/lib/words/words";
import { PROJECT } from "@/testing/fixtures";
import { renderAt } from "@/testing/render";
import { REPLIES, refusal, startService } from "@/testing/service";

const words = wordsFrom(pseudoCatalogue(), "en-GB");
const SPOKEN = ["aria-label", "placeholder", "title", "alt"] as const;
const at = (room: string) => `/projects/${PROJECT}/${room}`;

/** Text that is neither from the catalogue nor marked as somebody's own words. Options carry names, so only their own words count. */
function stragglers(root: Element): readonly string[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: string[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const owner = node.parentElement;
    if (!owner || owner.closest('[translate="no"], style, script, option, textarea')) continue;
    if (isPlain(node.textContent)) found.push(node.textContent ?? "");
  }
  for (const element of root.querySelectorAll(SPOKEN.map((name) => `[${name}]`).join(","))) {
    if (element.closest('[translate="no"]') || element.hasAttribute("data-content")) continue;
    for (const name of SPOKEN) if (isPlain(withoutDigests(element.getAttribute(name)))) found.push(`${name}=${element.getAttribute(name) ?? ""}`);
  }
  return found;
}

/** What the pseudo-locale wraps may quote people's words; outside of its brackets no plain word may stand. */
const isPlain = (text: string | null): boolean => /[A-Za-z]{2,}/.test((text ?? "").replaceAll(/⟦[\s\S]*?⟧/g, ""));
const withoutDigests = (text: string | null): string => (text ?? "").replaceAll(/\b[0-9a-f-]{16,}\b/g, "");

const ROOMS = ["create", "gallery", "gallery?asset=x", "datasets", "datasets/x", "training", "training/x", "training?dataset=x", "models", "ledger", "exit", "tokens"];

it.each(ROOMS)("finds no straggler in %s", async (room) => {
  startService();
  renderAt(at(room), words);
  await waitFor(() => { expect(document.querySelector("main h1, main h2")).toBeTruthy(); });
  await waitFor(() => { expect(screen.queryByLabelText(words.say("say.loading"))).toBeNull(); });
  expect(stragglers(document.body)).toEqual([]);
});

it.each(["create", "gallery", "datasets", "training", "models", "ledger", "exit", "tokens"])("finds no straggler in %s when everything is empty", async (room) => {
  const nothing = { next: null, previous: null, results: [] };
  const empty = Object.fromEntries(Object.entries(REPLIES).map(([route, reply]) => [route, typeof reply === "object" && reply !== null && "results" in reply ? nothing : reply]));
  startService(empty);
  renderAt(at(room), words);
  await waitFor(() => { expect(screen.queryByLabelText(words.say("say.loading"))).toBeNull(); });
  await waitFor(() => { expect(document.querySelector("main h1, main h2")).toBeTruthy(); });
  expect(stragglers(document.body)).toEqual([]);
});

it("finds no straggler at the door", async () => {
  startService({ ...REPLIES, "GET /session": refusal(401, "unauthenticated") });
  renderAt("/", words);
  await screen.findByText(words.say("entrance.password"));
  expect(stragglers(document.body)).toEqual([]);
});

it("would find one", () => {
  document.body.innerHTML = '<p>Plain</p><p translate="no">name</p><img alt="words">';
  expect(stragglers(document.body)).toEqual(["Plain", "alt=words"]);
});
