/* A small service behind fetch for tests: it answers by method and path, and remembers what it was asked. */
import { ALLOWANCES, ASSET, CONSENTS, DATASETS, DEVICES, DOMAINS, ENTRIES, EVIDENCE, EXIT, EXPLANATION, GENERATION, GRANTS, GROUPS, HEALTH, IDENTITIES, ITEMS, MAPPINGS, MEMBERS, MODELS, OURS, OWN_ALLOWANCE, PEOPLE, POLICY, PROJECT, PROVIDERS, PROVISIONING, RECEIVED, REFUSED, REVIEW, ROLES, RUN, RUNS, SERVICES, SESSION, STUDIOS, STUDIO_TOKENS, SUMMARIES, TOKENS, USAGE, WITHHELD } from "./fixtures";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

export type Reply = unknown;
export type Replies = Readonly<Record<string, Reply>>;
const page = (results: readonly unknown[]) => ({ next: null, previous: null, results });

export const REPLIES: Replies = {
  "GET /session": SESSION,
  "GET /studios": { slug: "northlight", name: "Northlight Studio", url: "/s/northlight/" },
  "GET /models": page(MODELS),
  "GET /members": page(MEMBERS),
  "GET /datasets": page(DATASETS),
  "GET /datasets/:id": DATASETS[1],
  "GET /items": page(ITEMS),
  "GET /training-runs": page(RUNS),
  "GET /training-runs/:id": RUN,
  "GET /generations": page([REFUSED, GENERATION]),
  "GET /generations/:id": GENERATION,
  "GET /withheld": page([WITHHELD]),
  "POST /generations": { results: [GENERATION] },
  "GET /assets": page(SUMMARIES),
  "GET /assets/:id": ASSET,
  "GET /exits": page([EXIT]),
  "GET /tokens": page(TOKENS),
  "GET /people": page(PEOPLE),
  "GET /groups": page(GROUPS),
  "GET /roles": ROLES,
  "GET /grants": page(GRANTS),
  "GET /projects": page([{ id: PROJECT, name: "Fox film", created: RUN.created }]),
  "GET /security-policy": POLICY,
  "GET /service-accounts": page(SERVICES),
  "GET /access-reviews": page([REVIEW]),
  "GET /evidence": EVIDENCE,
  "GET /explain": EXPLANATION,
  "GET /studio-tokens": page(STUDIO_TOKENS),
  "GET /allowances": page(ALLOWANCES),
  "GET /allowances/:id": OWN_ALLOWANCE,
  "GET /usage": USAGE,
  "GET /authenticators": { status: 200, data: [{ type: "totp", created_at: 1_764_000_000, last_used_at: null }] },
  "GET /sessions": page(DEVICES),
  "GET /email": { status: 200, data: [{ email: SESSION.person.email, verified: true }] },
  "GET /identity-providers": page(PROVIDERS),
  "GET /identities": page(IDENTITIES),
  "GET /service-provider": OURS,
  "GET /mappings": page(MAPPINGS),
  "POST /identity-providers/:id": RECEIVED,
  "GET /domains": page(DOMAINS),
  "GET /provisioning": PROVISIONING,
  "GET /support-consents": page(CONSENTS),
  "GET /platform/studios": page(STUDIOS),
  "GET /health": HEALTH,
  "GET /sign-in": { name: "Northlight Studio", providers: [], has_passwords: true },
  "GET /entries": page(ENTRIES.map((entry, index) => ({ ...entry, index, state: "published" }))),
};

/** A refusal as the service sends it. */
export function refusal(status: number, code: string): Response {
  return new Response(JSON.stringify({ type: "", title: "", status, code, detail: "", facts: {} }), { status });
}

const COLLECTIONS = "allowances|usage|studio-tokens|rotate|identities|factors|identity-providers|break-glass|explain|access-reviews|evidence|close|people|groups|roles|grants|projects|security-policy|service-accounts|sessions|login|authenticate|reauthenticate|authenticators|totp|recovery-codes|sign-in|session|studios|models|members|datasets|items|training-runs|generations|withheld|assets|exits|tokens|entries|decision|freeze|proof|checkpoint|cancel|resume|replay|withdraw|request|reset|verify|change|email|service-provider|mappings|refresh|prove|test|domains|provisioning|support-consents|health|enter|quota|suspend|restore|sign-out|platform/studios";

/** The route's last words: `/…/datasets/123` → `/datasets/:id`. */
function routeOf(pathname: string): string {
  const [, last = "", id] = new RegExp(`/(${COLLECTIONS})(/[^/]+)?$`).exec(pathname) ?? [];
  return id ? `/${last}/:id` : `/${last}`;
}

export function startService(replies: Replies = REPLIES): { readonly asked: readonly Asked[] } {
  const asked: Asked[] = [];
  window.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, window.location.origin);
    const method = init?.method ?? "GET";
    const body: unknown = typeof init?.body === "string" ? JSON.parse(init.body) : undefined;
    asked.push({ method, path: url.pathname + url.search, body });
    const reply = replies[`${method} ${routeOf(url.pathname)}`];
    if (reply instanceof Response) return Promise.resolve(reply.clone());
    return Promise.resolve(reply === undefined ? refusal(404, "not_found") : new Response(JSON.stringify(reply)));
  };
  return { asked };
}
