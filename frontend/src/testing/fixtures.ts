/* One little studio, as the API tells it. */
import type { AccessReview, Allowance, ApiToken, Asset, AssetSummary, Consent, Dataset, DatasetItem, Device, Domain, Exit, Explanation, Generation, Grant, Group, Health, LinkedIdentity, Mapping, Member, Model, Provider, RegisteredStudio, ReviewEvidence, Roles, SecurityPolicy, ServiceAccount, Session, StudioPerson, StudioToken, TrainingRun, Usage, Withheld } from "@/api/types";

const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const at = (minutes: number): string => new Date(Date.parse("2026-11-23T09:00:00Z") + minutes * 60_000).toISOString();
export const PROJECT = id(1);
export const ids = id;

const PERMISSIONS = [
  "project.read", "dataset.edit", "dataset.read", "dataset.freeze", "training.start", "training.cancel", "model.read", "model.try", "model.decide",
  "generation.create", "generation.read_all", "withheld.review", "asset.read", "asset.download", "asset.withdraw", "replay.ask", "export.request", "ledger.read", "token.issue", "access.review", "access.explain",
]; // prettier-ignore

export const SESSION = {
  person: { id: id(2), name: "Lena Brandt", email: "lena@northlight.example" },
  tenant: { id: id(3), name: "Northlight Studio", slug: "northlight", url: "https://guildhall.example/s/northlight/", is_platform: false },
  permissions: ["ledger.read", "token.issue", "export.request", "member.read", "member.manage", "person.manage", "role.define", "security.configure", "service.manage", "access.review", "access.explain", "identity.configure", "token.revoke_any", "project.configure", "support.admit"],
  projects: [
    { id: PROJECT, name: "Lantern Tales", permissions: PERMISSIONS },
    { id: id(4), name: "Tidewater", permissions: PERMISSIONS },
  ],
  policy: { must: null, session_hours: 168, idle_minutes: 720, sso_only: false, provider_step_up: false },
  provider: null,
  second_factor: { has: true, kinds: ["totp"], required: true },
  stepped_up_until: null,
} as unknown as Session;

export const BASE: Model = {
  id: id(10), name: "Guildhall Starter 64", kind: "base", state: "approved", family: "sd1-starter", licence: "Apache-2.0", digest: "b1".repeat(32),
  base: null, trigger: "", created: at(0), evaluation: null, side: 64, suggested: { learning_rate: 0.004, min_snr_gamma: 0 }, trained_by: null, trainer: "", may_decide: false, may_use: true,
} as Model; // prettier-ignore
export const ADAPTER: Model = {
  ...BASE, id: id(11), name: "Lantern line", kind: "adapter", digest: "a1".repeat(32), base: BASE.id, trigger: "lntrn", created: at(300), suggested: null, trained_by: id(98), trainer: "Tom Okafor",
  evaluation: { loss_before: 0.213, loss_after: 0.128, style_before: 41.2, style_after: 12.8, style_floor: 9.4 },
} as Model; // prettier-ignore
export const CANDIDATE: Model = { ...ADAPTER, id: id(12), name: "Lantern line, longer", state: "candidate", digest: "c1".repeat(32), trigger: "lntrn2", created: at(900), may_decide: true } as Model;
export const MODELS = [CANDIDATE, ADAPTER, BASE];

export const GENERATION = {
  id: id(20), person: "Lena Brandt", state: "completed", reasons: [], prompt: "a lighthouse at night, lntrn", negative: "text", base: BASE.id, adapters: [{ model: ADAPTER.id, weight: 0.8 }],
  seed: 421337, steps: 20, guidance: 6, width: 64, height: 64, scheduler: "ddim", asset: id(30), preview_url: null, created: at(1000),
} as unknown as Generation; // prettier-ignore
export const REFUSED = { ...GENERATION, id: id(21), state: "refused", asset: null, reasons: [{ rule: "violence.gore", span: "bl00d" }] } as Generation;
export const WITHHELD = {
  id: id(22), person: "Lena Brandt", reasons: [{ rule: "image.nsfw" }], prompt: "figures by the harbour", negative: "", width: 64, height: 64, picture_url: "", created: at(1002), ended: at(1003),
} as Withheld; // prettier-ignore

export const SUMMARY = { id: id(30), purpose: "picture", width: 64, height: 64, seed: 421337, created: at(1001), person: "Lena Brandt", thumbnail_url: "" } as AssetSummary;
export const SUMMARIES = Array.from({ length: 18 }, (_, n) => ({ ...SUMMARY, id: id(30 + n), seed: 421337 + n * 7919, created: at(1001 - n * 37) }));
export const ASSET = {
  ...SUMMARY, purpose: "picture", base: BASE.id, adapters: [{ model: ADAPTER.id, weight: 0.8 }], prompt: GENERATION.prompt, negative: GENERATION.negative, picture_url: "", entry: id(500), entry_url: "",
  record: {
    purpose: "picture", steps: 20, guidance: 6, seed: 421337, noise: "cpu-philox", scheduler: { name: "ddim", eta: 0 },
    base: { digest: `sha256:${BASE.digest}` }, adapters: [{ digest: `sha256:${ADAPTER.digest}`, weight: 0.8 }],
    machine: { device: "cpu", threads: 1, torch: "2.13.0", dtype: "float32" }, shape_key: "64x64/77/r8/1", policy: "sha256:19c2…",
  },
} as unknown as Asset; // prettier-ignore

export const DATASETS: readonly Dataset[] = [
  { id: id(40), name: "Lantern Tales, plates 1–40", state: "frozen", items_count: 40, created: at(120) },
  { id: id(41), name: "Tidewater sketches", state: "open", items_count: 12, created: at(700) },
];
export const ITEMS = Array.from({ length: 12 }, (_, n) => ({
  id: id(600 + n), caption: ["a brass lantern", "a fox asleep", "harbour steps in rain", "a key on a nail"][n % 4] ?? "", width: 512, height: 512, rights: "own_work", thumbnail_url: "", created: at(121 + n),
})) as unknown as DatasetItem[]; // prettier-ignore

const CURVE = Array.from({ length: 130 }, (_, n) => [n * 2, 0.11 + 0.14 * Math.exp(-n / 32) + 0.018 * Math.sin(n * 1.7) * Math.cos(n * 0.61)]);
export const RUN = {
  id: id(50), name: "Lantern line, longer", dataset: id(40), base: BASE.id, state: "running", step: 260, steps: 400, loss: 0.1262, loss_curve: CURVE, seconds_left: 154,
  config: { steps: 400, learning_rate: 0.0005, rank: 8, batch: 4, trigger: "lntrn2", sample_every: 100, seed: 1 },
  samples: [0, 100, 200].flatMap((step) => [0, 1, 2, 3].map((index) => ({ step, index, url: `/api/v1/sample/${String(step)}/${String(index)}` }))),
  model: null, code: "", created: at(880),
} as unknown as TrainingRun; // prettier-ignore
export const RUNS = [RUN, { ...RUN, id: id(51), name: "Lantern line", state: "finished", step: 400, created: at(200), model: ADAPTER.id } as TrainingRun];

export const EXIT = { id: id(60), model: ADAPTER.id, state: "ready", refusals: [], code: "", size: 3_480_112, duties: ["attribution"], contents: ["adapter/diffusers.safetensors", "adapter/kohya.safetensors", "model-card.md", "model.sig", "ledger/"], created: at(1100) } as unknown as Exit;
export const TOKENS = [{ id: id(70), kind: "pat", scope: [], name: "Krita plug-in", project: PROJECT, expires: at(40_000), last_used: at(990), revoked: null, created: at(10) }] as unknown as ApiToken[];
export const MEMBERS = [{ id: id(2), person: id(2), name: "Lena Brandt", role: "lead", roles: ["lead"] }] as unknown as Member[];
const KINDS = ["tenant.founded", "project.created", "role.granted", "dataset.created", "dataset.item_added", "dataset.frozen", "training.started", "training.finished", "model.registered", "model.decided", "generation.submitted", "generation.completed", "asset.downloaded", "exit.requested"];
export const ENTRIES = KINDS.map((kind, index) => ({
  id: id(500 - KINDS.length + 1 + index), ts: at(index * 71), kind, actor: "p-7f3a9c21d0", project: index < 1 ? null : PROJECT, facts: { seed: 421337, opens: "5e".repeat(32) }, commits: { prompt: "77".repeat(32) },
})); // prettier-ignore

export const PEOPLE = [
  { id: id(2), name: "Lena Brandt", kind: "person", is_active: true, roles: [], is_break_glass: false },
  { id: id(80), name: "Olive Marsh", kind: "person", is_active: true, roles: ["officer"], is_break_glass: false },
  { id: id(81), name: "Tom Arden", kind: "person", is_active: false, roles: ["owner"], is_break_glass: true },
  { id: id(88), name: "Render farm", kind: "service", is_active: true, roles: [], is_break_glass: false },
  { id: id(89), name: "Provisioning", kind: "provisioning", is_active: true, roles: [], is_break_glass: false },
] as unknown as StudioPerson[]; // prettier-ignore
export const IDENTITIES = [{ provider: id(92), provider_name: "Okta", linked: at(6) }] as unknown as LinkedIdentity[];
export const GROUPS = [{ id: id(82), name: "Animators", members: 4, is_provisioned: false, created: at(5), changed: at(6) }, { id: id(83), name: "Freelancers", members: 2, is_provisioned: true, created: at(5), changed: at(6) }] as unknown as Group[];
export const ROLES = {
  builtin: [
    { role: "owner", title: "Owner", text: "Answers for the studio.", reach: "studio", permissions: ["member.read", "member.manage"] },
    { role: "operator", title: "Operator", text: "Founds studios.", reach: "platform", permissions: ["member.manage"] },
    { role: "lead", title: "Lead", text: "Leads a project.", reach: "project", permissions: ["project.read", "model.decide"] },
    { role: "artist", title: "Artist", text: "Generates.", reach: "project", permissions: ["project.read"] },
  ],
  own: [{ id: id(84), name: "Curator", text: "", reach: "project", permissions: ["project.read"], created: at(7), changed: at(7) }],
  permissions: [
    { permission: "member.read", text: "See the studio's people.", step_up: false },
    { permission: "member.manage", text: "Grant and revoke roles.", step_up: true },
    { permission: "project.read", text: "See the project.", step_up: false },
    { permission: "model.decide", text: "Approve models.", step_up: false },
  ],
  separated: [],
} as unknown as Roles; // prettier-ignore
const GRANT = { person: id(2), group: null, project: PROJECT, role: "lead", custom: null, custom_name: "", expires: null, granted: at(3), granted_by: null, origin: "hand" };
export const GRANTS = [
  { ...GRANT, id: id(85), name: "Lena Brandt" },
  { ...GRANT, id: id(86), name: "Olive Marsh", person: id(80), project: null, role: "officer", origin: "provider" },
  { ...GRANT, id: id(87), name: "Animators", person: null, group: id(82), role: "", custom: id(84), custom_name: "Curator", expires: at(90_000) },
] as unknown as Grant[]; // prettier-ignore
export const POLICY = { second_factor: true, sso_only: false, provider_step_up: false, session_hours: 168, idle_minutes: 720, networks: ["203.0.113.0/24"], changed: at(9) } as unknown as SecurityPolicy;
export const SERVICES = [{ id: id(88), name: "Render farm", keeper: id(2), keeper_name: "Lena Brandt", is_suspended: false, is_orphaned: false, created: at(8) }] as unknown as ServiceAccount[];

export const REVIEW = { id: id(90), project: null, opened_by: id(2), created: at(20), due: at(900_000), closed: null } as AccessReview;
const REVIEWED = { id: id(91), grant: id(86), holder: "Olive Marsh", holder_id: id(80), is_group: false, role: "officer", project: null, expires: null, decision: "", decided_by: null, decided: null, entry: null };
export const EVIDENCE = {
  review: REVIEW, opened_entry: id(500), closed_entry: null, confirmed: 1, revoked: 0, open: 3,
  items: [
    REVIEWED,
    { ...REVIEWED, id: id(92), grant: id(85), holder: "Lena Brandt", holder_id: id(2), role: "lead", project: PROJECT },
    { ...REVIEWED, id: id(93), grant: id(87), holder: "Animators", holder_id: id(82), is_group: true, role: "Curator", project: PROJECT, expires: at(90_000) },
    { ...REVIEWED, id: id(94), grant: id(89), holder: "Tom Arden", holder_id: id(81), role: "viewer", project: PROJECT, decision: "confirm", decided_by: id(2), decided: at(60), entry: id(501) },
  ],
} as unknown as ReviewEvidence; // prettier-ignore
export const EXPLANATION = { allowed: true, why: "granted", step_up: true, voided_by: [], ended: [], gives: [{ grant: id(85), role: "lead", project: PROJECT, group: "Animators", until: at(900_000) }] } as Explanation;
export const STUDIO_TOKENS = [
  { ...TOKENS[0], person: id(2), person_name: "Lena Brandt" },
  { ...TOKENS[0], id: id(71), kind: "svc", name: "Nightly renders", project: null, last_used: null, scope: ["asset.read", "export.request"], person: id(88), person_name: "Render farm" },
] as unknown as StudioToken[]; // prettier-ignore
export const ALLOWANCES = [
  { id: id(110), person: null, group: null, name: "", bases: null, adapters: null, features: ["text_to_image"], pictures_a_day: 50, device_seconds_a_day: null, created: at(40) },
  { id: id(111), person: null, group: id(82), name: "Animators", bases: [BASE.id], adapters: [], features: null, pictures_a_day: null, device_seconds_a_day: 7200, created: at(41) },
] as unknown as Allowance[]; // prettier-ignore
export const USAGE = { day: "2026-11-27", results: [{ person: id(2), name: "Lena Brandt", pictures: 41, device_seconds: 640 }] } as Usage;
export const OWN_ALLOWANCE = { project: PROJECT, is_allowed: true, bases: null, adapters: null, features: null, pictures_a_day: 50, pictures_used: 41, device_seconds_a_day: null, device_seconds_used: 640, opens: at(6000) };
export const DEVICES = [
  { id: id(90), agent: "Firefox on Linux", address: "203.0.113.7", created: at(800), seen: at(1400), current: true, shown: ["password", "factor"] },
  { id: id(91), agent: "Safari on iPhone", address: "203.0.113.80", created: at(20), seen: at(900), current: false, shown: ["provider"] },
] as unknown as Device[]; // prettier-ignore
export const PROVIDERS = [
  {
    id: id(92), slug: "okta", name: "Okta", protocol: "oidc", issuer: "https://northlight.okta.example", metadata_url: "https://northlight.okta.example/.well-known/openid-configuration", client_id: "0oa1b2c3",
    email_claim: "email", name_claim: "name", groups_claim: "groups", is_joining: true, is_enabled: true, tested: at(50), is_tested_as_it_stands: true, certificate_ends: null, certificate_warning: "", created: at(40), changed: at(50),
  },
  {
    id: id(93), slug: "keycloak", name: "Keycloak", protocol: "saml", issuer: "https://id.northlight.example/realms/art", metadata_url: "", client_id: "",
    email_claim: "email", name_claim: "name", groups_claim: "groups", is_joining: false, is_enabled: false, tested: null, is_tested_as_it_stands: false, certificate_ends: at(20_000), certificate_warning: "soon", created: at(60), changed: at(60),
  },
] as unknown as Provider[]; // prettier-ignore
export const OURS = {
  redirect_uri: "https://guildhall.example/s/northlight/_allauth/oidc/okta/login/callback/", backchannel_logout_uri: "https://guildhall.example/s/northlight/_allauth/oidc/okta/logout/",
  post_logout_redirect_uri: "https://guildhall.example/s/northlight/sign-in", sign_in_uri: "https://guildhall.example/s/northlight/_allauth/oidc/okta/login/", entity_id: "", acs_url: "", sls_url: "", certificate: "",
}; // prettier-ignore
export const MAPPINGS = [{ id: id(94), claimed: "guildhall-leads", role: "lead", custom: null, group: null, project: PROJECT, created: at(61) }] as unknown as Mapping[];
export const DOMAINS = [
  { id: id(95), domain: "northlight.example", provider: id(92), challenge: "guildhall-3f9c0a", url: "https://northlight.example/.well-known/guildhall-domain-verification", proved: at(70), created: at(65) },
  { id: id(96), domain: "northlight.film", provider: id(92), challenge: "guildhall-77b1e2", url: "https://northlight.film/.well-known/guildhall-domain-verification", proved: null, created: at(66) },
] as unknown as Domain[]; // prettier-ignore
export const RECEIVED = { claims: { sub: "00u1x9", email: "lena@northlight.example", name: "Lena Brandt", groups: ["guildhall-leads", "everyone"] }, why: "" };
export const PROVISIONING = {
  base_url: "https://guildhall.example/s/northlight/scim/v2", last_used: at(1300), people: 41, groups: 6,
  tokens: [{ id: id(97), name: "Okta", created: at(30), expires: at(500_000), last_used: at(1300), revoked: null }, { id: id(98), name: "Okta, before", created: at(10), expires: at(900), last_used: at(800), revoked: at(900) }],
}; // prettier-ignore
export const CONSENTS = [
  { id: id(99), role: "viewer", project: PROJECT, reason: "a training stops at step 40", given_by: id(2), created: at(1300), until: at(900_000), ended: null, entered: null },
  { id: id(100), role: "auditor", project: null, reason: "the log does not verify", given_by: id(2), created: at(100), until: at(340), ended: at(200), entered: "support_4f1c" },
] as unknown as Consent[]; // prettier-ignore
export const OPERATOR = { ...SESSION, tenant: { id: id(101), name: "Platform", slug: "platform", url: "https://guildhall.example/s/platform/", is_platform: true }, permissions: ["member.read", "ledger.read", "studio.manage", "studio.enter", "health.read"], projects: [] } as unknown as Session;
export const STUDIOS = [
  { id: id(3), name: "Northlight Studio", slug: "northlight", created: at(0), suspended: null, pictures_a_day: 5000, device_seconds_a_day: null },
  { id: id(102), name: "Tidewater Films", slug: "tidewater", created: at(1), suspended: at(900), pictures_a_day: null, device_seconds_a_day: 86_400 },
] as unknown as RegisteredStudio[]; // prettier-ignore
export const HEALTH = {
  database: true, broker: true, keeper: false, disk_free_bytes: 412_000_000_000, workers: ["gpu-1", "gpu-2"], queues: [{ kind: "generation", waiting: 3, under_way: 2 }, { kind: "training", waiting: 0, under_way: 1 }],
  versions: { guildhall: "0.1.0", postgresql: "16.4", torch: "2.13.0" },
} as Health; // prettier-ignore
