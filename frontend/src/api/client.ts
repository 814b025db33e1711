/* The one way to the API: prefix of the studio's address, CSRF token, idempotency keys, problem+json as ApiError. */
import type { paths } from "./schema";
import { stepUp } from "./step-up";
import type { Problem } from "./types";

type Method = "get" | "post" | "patch" | "put" | "delete";
type PathsWith<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, object> ? P : never }[keyof paths];
type Operation<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer Found> ? Found : never;
type JsonOf<Answer> = Answer extends { content: { "application/json": infer Body } } ? Body : undefined;
type Answer<Op> = Op extends { responses: infer R } ? JsonOf<R[Exclude<keyof R, "default"> & keyof R]> : never;
type Body<Op> = Op extends { requestBody?: { content: infer Content } | undefined }
  ? Content extends { "application/json": infer Ask }
    ? Ask
    : never
  : undefined;
type Query<Op> = Op extends { parameters: { query?: infer Q } } ? Q : never;
type PathFacts<Op> = Op extends { parameters: { path: infer Facts } } ? Facts : undefined;

export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
  get status(): number {
    return this.problem.status;
  }
}

/** The studio's part of the address: `/s/<slug>`, or nothing where the studio has a host of its own. */
export function prefixOf(pathname: string): string {
  return /^\/s\/[a-z0-9-]+/.exec(pathname)?.[0] ?? "";
}

export const prefix = (): string => prefixOf(window.location.pathname);

/** An address inside this studio; links that the service sent, with or without host and prefix, come out right too. */
export function address(path: string): string {
  const { pathname, search } = new URL(path, window.location.origin);
  const own = prefix();
  return pathname.startsWith(`${own}/`) ? pathname + search : own + pathname + search;
}

export function csrfToken(): string {
  return /(?:^|;\s*)csrftoken[^=]*=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const UNREACHABLE: Problem = {
  type: "about:blank",
  title: "",
  status: 0,
  code: "unreachable",
  detail: "",
  facts: {},
};

export async function problemOf(response: Response): Promise<ApiError> {
  const fallback = { ...UNREACHABLE, status: response.status, code: `http_${response.status}` };
  try {
    const body = (await response.json()) as Partial<Problem>;
    return new ApiError({ ...fallback, ...body });
  } catch {
    return new ApiError(fallback);
  }
}

async function once(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("Accept", "application/json");
  if (init.method && init.method !== "GET") headers.set("X-CSRFToken", csrfToken());
  let response: Response;
  try {
    response = await fetch(address(path), { ...init, headers, credentials: "same-origin" });
  } catch {
    throw new ApiError(UNREACHABLE);
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

const isFactorNeeded = (error: unknown): boolean => error instanceof ApiError && error.status === 403 && error.problem.code === "step_up.needed";

/** Ask the service. Where it wants a fresh second factor first, the person is asked for one, and then it is asked again. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await once(path, init);
  } catch (error) {
    if (isFactorNeeded(error) && (await stepUp())) return once(path, init);
    throw error;
  }
}

function filled(path: string, facts: Readonly<Record<string, unknown>> = {}, query: Readonly<Record<string, unknown>> = {}): string {
  const bare = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(facts[name])));
  const asked = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString();
  return search ? `${bare}?${search}` : bare;
}

async function jsonOf<T>(response: Response): Promise<T> {
  return (response.status === 204 ? undefined : await response.json()) as T;
}

interface Options<Op> {
  readonly path?: PathFacts<Op>;
  readonly query?: Query<Op>;
}

export async function get<P extends PathsWith<"get">>(path: P, options: Options<Operation<P, "get">> = {}): Promise<Answer<Operation<P, "get">>> {
  return jsonOf(await request(filled(path, options.path as never, options.query as never)));
}

async function send(method: string, path: string, body: unknown, key?: string): Promise<Response> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (key !== undefined) headers["Idempotency-Key"] = key;
  return request(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

type HeaderOf<Op> = Op extends { parameters: { header?: infer Header } } ? NonNullable<Header> : never;
type OrderPath = { [P in PathsWith<"post">]: HeaderOf<Operation<P, "post">> extends infer H ? ([H] extends [never] ? never : "Idempotency-Key" extends keyof H ? P : never) : never }[PathsWith<"post">];
/** What starts work, so that the service knows an order by its key. The schema decides whether this is whole. */
const ORDERS: Readonly<Record<OrderPath, true>> = {
  "/api/v1/projects/{project}/generations": true,
  "/api/v1/projects/{project}/training-runs": true,
  "/api/v1/projects/{project}/training-runs/{run}/resume": true,
  "/api/v1/projects/{project}/exits": true,
  "/api/v1/projects/{project}/assets/{asset}/replay": true,
};

/** The key of each order that no answer came to yet: who asks for the very same again means the same order. */
const unanswered = new Map<string, string>();
const isUnanswered = (error: unknown): boolean => error instanceof ApiError && (error.status === 0 || error.status >= 500);
const isWorthAnother = (error: unknown): boolean => error instanceof ApiError && (error.status === 0 || error.status === 503);

/** Send an order under a key of its own, a second time where no answer came. The key is kept until one comes, so nothing is made twice. */
async function sendOrder(path: string, body: unknown): Promise<Response> {
  const order = `${address(path)} ${JSON.stringify(body)}`;
  const key = unanswered.get(order) ?? freshKey();
  unanswered.set(order, key);
  const once = () => send("POST", path, body, key);
  try {
    const answer = await once().catch((error: unknown) => (isWorthAnother(error) ? once() : Promise.reject(error)));
    unanswered.delete(order);
    return answer;
  } catch (error) {
    if (!isUnanswered(error)) unanswered.delete(order);
    throw error;
  }
}

export async function post<P extends PathsWith<"post">>(
  path: P,
  options: Options<Operation<P, "post">> & { readonly body?: Body<Operation<P, "post">> } = {},
): Promise<Answer<Operation<P, "post">>> {
  const whole = filled(path, options.path as never);
  return jsonOf(await (Object.hasOwn(ORDERS, path) ? sendOrder(whole, options.body) : send("POST", whole, options.body)));
}

export async function patch<P extends PathsWith<"patch">>(
  path: P,
  options: Options<Operation<P, "patch">> & { readonly body: Body<Operation<P, "patch">> },
): Promise<Answer<Operation<P, "patch">>> {
  return jsonOf(await send("PATCH", filled(path, options.path as never), options.body));
}

export async function put<P extends PathsWith<"put">>(path: P, options: Options<Operation<P, "put">> & { readonly body: Body<Operation<P, "put">> }): Promise<Answer<Operation<P, "put">>> {
  return jsonOf(await send("PUT", filled(path, options.path as never), options.body));
}

export async function remove<P extends PathsWith<"delete">>(path: P, options: Options<Operation<P, "delete">>): Promise<void> {
  await send("DELETE", filled(path, options.path as never, options.query as never), undefined);
}

interface Turned<Row> {
  readonly next?: string | null;
  readonly results: readonly Row[];
}

/** All rows of a list, page after page: what people choose from is whole. */
export async function everyRow<Row>(ask: (query: { readonly limit: number; readonly cursor?: string }) => Promise<Turned<Row>>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask({ limit: 200, ...(cursor === undefined ? {} : { cursor }) });
    rows.push(...page.results);
    cursor = cursorOf(page.next);
  } while (cursor !== undefined);
  return rows;
}

/** The next page's cursor, out of the whole address that the service sends. */
export function cursorOf(next: string | null | undefined): string | undefined {
  return next ? (new URL(next, window.location.origin).searchParams.get("cursor") ?? undefined) : undefined;
}
