/* A stand-in for the service, in the browser, for developing the portal alone: it answers fetch, EventSource and uploads. */
import { ADAPTER, ALLOWANCES, ASSET, CONSENTS, DATASETS, DEVICES, DOMAINS, ENTRIES, EVIDENCE, EXIT, EXPLANATION, GENERATION, GRANTS, GROUPS, HEALTH, IDENTITIES, ITEMS, MAPPINGS, MEMBERS, MODELS, OURS, OWN_ALLOWANCE, PEOPLE, POLICY, PROJECT, PROVIDERS, PROVISIONING, RECEIVED, REFUSED, REVIEW, ROLES, RUN, RUNS, SERVICES, SESSION, STUDIOS, STUDIO_TOKENS, SUMMARIES, TOKENS, USAGE, WITHHELD, ids } from "./fixtures";
import { makeLog } from "./log";

const page = (results: readonly unknown[]) => ({ next: null, previous: null, results });
const log = makeLog(ENTRIES.map((entry) => ({ v: 1, ...entry, tenant: SESSION.tenant.id })));
const made = new Map<string, { readonly since: number; readonly row: typeof GENERATION }>();
let isIn = sessionStorage.getItem("mock.in") !== "no";
const problem = (status: number, code: string) => new Response(JSON.stringify({ type: "", title: "", status, code, detail: "", facts: {} }), { status });

/** A drawing that depends on its address alone. */
function drawing(path: string): Response {
  let hash = 7;
  for (const letter of path) hash = (hash * 31 + letter.charCodeAt(0)) % 360;
  const shapes = Array.from({ length: 5 }, (_, n) => {
    const at = (hash * (n + 3)) % 40;
    return n % 2 ? `<circle cx="${String(16 + at)}" cy="${String(52 - at)}" r="${String(5 + n * 2)}" fill="hsl(${String((hash + n * 40) % 360)} 55% ${String(38 + n * 9)}%)"/>` : `<rect x="${String(at)}" y="${String((at * 2) % 40)}" width="${String(12 + n * 3)}" height="${String(18 - n)}" rx="3" fill="hsl(${String((hash + 180 + n * 25) % 360)} 45% ${String(60 - n * 6)}%)"/>`;
  });
  const body = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="512" height="512"><rect width="64" height="64" fill="hsl(${String(hash)} 30% 88%)"/>${shapes.join("")}</svg>`;
  return new Response(body, { headers: { "Content-Type": "image/svg+xml" } });
}

function generation(id: string) {
  const found = made.get(id);
  if (!found) return { ...GENERATION, id };
  const seconds = (Date.now() - found.since) / 1000;
  if (found.row.prompt.includes("blood")) return { ...found.row, state: "refused", asset: null, reasons: [{ rule: "moderation.prompt", span: "blood" }] };
  if (seconds < 1) return { ...found.row, state: "queued", asset: null };
  return seconds < 7 ? { ...found.row, state: "running", asset: null } : { ...found.row, state: "completed", asset: ids(30 + (found.row.seed % 18)) };
}

function submit(body: Record<string, unknown>) {
  const count = Number(body["count"] ?? 1);
  const results = Array.from({ length: count }, (_, n) => {
    const id = crypto.randomUUID();
    const row = { ...GENERATION, ...body, id, seed: Number(body["seed"] ?? Math.floor(Math.random() * 1e9) + n) } as typeof GENERATION;
    made.set(id, { since: Date.now(), row });
    return generation(id);
  });
  return { results };
}

/** What the sign-in library tells of the account. */
const OWN: Readonly<Record<string, unknown>> = {
  session: { user: { has_usable_password: true } },
  email: [{ email: SESSION.person.email, verified: true }],
  authenticators: [{ type: "totp", created_at: 1_764_000_000, last_used_at: null }],
};

type Answer = (facts: readonly string[], body: Record<string, unknown>, url: URL) => unknown;
const ROUTES: readonly (readonly [string, RegExp, Answer])[] = [
  ["GET", /^\/session$/, () => (isIn ? SESSION : problem(401, "unauthenticated"))],
  ["GET", /^\/studios$/, (_, __, url) => (url.searchParams.get("name") === "nobody" ? problem(404, "studio.unknown") : { slug: "northlight", name: "Northlight Studio", url: "/s/northlight/" })],
  ["GET", /^\/sign-in$/, () => ({ name: "Northlight Studio", providers: [{ slug: "okta", name: "Okta", protocol: "oidc", url: "/s/northlight/_allauth/oidc/okta/login/" }], has_passwords: true })],
  ["POST", /^\/sign-out$/, () => { isIn = false; sessionStorage.setItem("mock.in", "no"); return { url: "" }; }],
  ["GET", /^\/sessions$/, () => page(DEVICES)],
  ["GET", /^\/people$/, () => page(PEOPLE)],
  ["GET", /^\/groups$/, () => page(GROUPS)],
  ["GET", /^\/roles$/, () => ROLES],
  ["GET", /^\/grants$/, () => page(GRANTS)],
  ["GET", /^\/projects$/, () => page(SESSION.projects)],
  ["GET", /^\/security-policy$/, () => POLICY],
  ["GET", /^\/service-accounts$/, () => page(SERVICES)],
  ["GET", /\/identities$/, () => page(IDENTITIES)],
  ["GET", /^\/identity-providers$/, () => page(PROVIDERS)],
  ["POST", /^\/identity-providers\/test-results$/, () => RECEIVED],
  ["GET", /\/service-provider$/, () => OURS],
  ["GET", /\/mappings$/, () => page(MAPPINGS)],
  ["GET", /^\/domains$/, () => page(DOMAINS)],
  ["GET", /^\/provisioning$/, () => PROVISIONING],
  ["GET", /^\/support-consents$/, () => page(CONSENTS)],
  ["GET", /^\/platform\/studios$/, () => page(STUDIOS)],
  ["GET", /^\/platform\/health$/, () => HEALTH],
  ["GET", /\/models$/, () => page(MODELS)],
  ["POST", /\/decision$/, () => ({ ...ADAPTER })],
  ["GET", /\/members$/, () => page(MEMBERS)],
  ["GET", /\/datasets$/, () => page(DATASETS)],
  ["POST", /\/datasets$/, () => DATASETS[1]],
  ["GET", /\/datasets\/([^/]+)$/, ([id]) => DATASETS.find((one) => one.id === id) ?? DATASETS[1]],
  ["GET", /\/items$/, () => page(ITEMS)],
  ["GET", /\/training-runs$/, () => page(RUNS)],
  ["GET", /\/training-runs\/([^/]+)$/, ([id]) => RUNS.find((one) => one.id === id) ?? RUN],
  ["GET", /\/withheld$/, () => page([WITHHELD])],
  ["GET", /\/generations$/, () => page([REFUSED, GENERATION])],
  ["POST", /\/generations$/, (_, body) => submit(body)],
  ["GET", /\/generations\/([^/]+)$/, ([id]) => generation(id ?? "")],
  ["GET", /\/assets$/, () => page(SUMMARIES)],
  ["POST", /\/replay$/, () => ({ id: ids(80), state: "queued" })],
  ["GET", /\/replays\//, () => ({ id: ids(80), state: "finished", equal: true, largest_difference: 0, differing_facts: [] })],
  ["GET", /\/assets\/([^/]+)$/, ([id]) => ({ ...ASSET, ...SUMMARIES.find((one) => one.id === id) })],
  ["GET", /\/exits$/, () => page([EXIT, { ...EXIT, id: ids(61), state: "queued", size: null, contents: [], duties: [] }])],
  ["GET", /\/access-reviews$/, () => page([REVIEW, { ...REVIEW, id: ids(95), closed: REVIEW.created }])],
  ["GET", /\/explain$/, () => EXPLANATION],
  ["GET", /\/sessions$/, () => page(DEVICES)],
  ["GET", /^\/studio-tokens$/, () => page(STUDIO_TOKENS)],
  ["POST", /^\/tokens\/leaked$/, () => ({})],
  ["POST", /\/rotate$/, () => ({ ...TOKENS[0], token: "ghl_pat_7Hq2sVb1TtXo9Zc4LmNa8Rk3Wd5YpE0J" })],
  ["GET", /\/allowances$/, () => page(ALLOWANCES)],
  ["GET", /\/allowances\/own$/, () => OWN_ALLOWANCE],
  ["GET", /\/usage$/, () => USAGE],
  ["GET", /\/evidence$/, () => EVIDENCE],
  ["GET", /\/grants$/, () => page(GRANTS)],
  ["GET", /^\/tokens$/, () => page(TOKENS)],
  ["POST", /^\/tokens$/, () => ({ ...TOKENS[0], token: "ghl_pat_7Hq2sVb1TtXo9Zc4LmNa8Rk3Wd5YpE0J" })],
  ["GET", /^\/ledger\/entries$/, () => page(ENTRIES.map((entry, index) => ({ ...entry, index, state: "published" })).reverse())],
  ["GET", /^\/ledger\/entries\/([^/]+)\/proof$/, async ([id]) => (await log).prove(Math.max(0, ENTRIES.findIndex((one) => one.id === id)))],
  ["GET", /^\/ledger\/checkpoint$/, async () => { const { checkpoint, vkey, size, prove } = await log; return { text: await checkpoint(size), vkey, size, root: (await prove(0)).root }; }],
  ["GET", /^\/ledger\/consistency$/, async (_, __, url) => ({ hashes: await (await log).growth(Number(url.searchParams.get("first")), Number(url.searchParams.get("second"))) })],
];

async function answer(input: string, init: RequestInit = {}): Promise<Response> {
  const url = new URL(input, window.location.origin);
  const path = url.pathname.replace(/^\/s\/[a-z0-9-]+/, "");
  if (path.startsWith("/_allauth/") && isIn && (init.method ?? "GET") === "GET") return new Response(JSON.stringify({ data: OWN[path.split("/").at(-1) ?? ""] ?? [] }));
  if (path.startsWith("/_allauth/")) {
    isIn = init.method === "POST";
    sessionStorage.setItem("mock.in", isIn ? "yes" : "no");
    return isIn ? new Response("{}") : problem(401, "unauthenticated");
  }
  const inside = path.replace(/^\/api\/v1/, "");
  for (const [method, pattern, reply] of ROUTES) {
    const facts = pattern.exec(inside);
    if (!facts || method !== (init.method ?? "GET")) continue;
    const told = await reply(facts.slice(1), typeof init.body === "string" ? (JSON.parse(init.body) as Record<string, unknown>) : {}, url);
    return told instanceof Response ? told : new Response(JSON.stringify(told), { status: 200 });
  }
  return problem(404, "not_found");
}

/** Answer the API from here; pictures come from vite's own middleware (see vite.config). */
export function startMock(): void {
  if (window.location.pathname === "/mock") window.location.replace(`/s/northlight/projects/${PROJECT}/create`);
  const real = window.fetch.bind(window);
  window.fetch = (input, init) => (typeof input === "string" && /\/(api\/v1|_allauth)\//.test(input) ? answer(input, init) : real(input as RequestInfo, init));
  window.EventSource = MockEvents as unknown as typeof EventSource;
  document.addEventListener("error", showDrawing, true);
}

/** Pictures of the API do not exist here: each that fails is drawn instead. */
function showDrawing(event: Event): void {
  if (!(event.target instanceof HTMLImageElement) || event.target.src.startsWith("blob:")) return;
  const image = event.target;
  void drawing(new URL(image.src).pathname + new URL(image.src).search).blob().then((blob) => { image.src = URL.createObjectURL(blob); });
}

class MockEvents extends EventTarget {
  private readonly timer: number;
  constructor(url: string) {
    super();
    let step = 0;
    this.timer = window.setInterval(() => {
      step += 1;
      const isRun = url.includes("training-runs");
      if (isRun) this.tell("report", { step: 260 + step, steps: 400, loss: 0.12 + 0.01 * Math.sin(step), seconds_left: 154 - step });
      else if (step <= 20) {
        this.tell("progress", { step, steps: 20 });
        if (step % 4 === 0) this.tell("preview", { step });
      }
    }, 300);
  }
  private tell(kind: string, body: object): void {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(body) }));
  }
  close(): void {
    window.clearInterval(this.timer);
  }
}
