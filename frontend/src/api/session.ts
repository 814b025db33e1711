/* Who is signed in, and what the interface may offer. The interface hides; the service decides. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ApiError, get, request } from "./client";
import type { Permission, Session, SessionProject } from "./types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: () => get("/api/v1/session"),
  retry: (count, error) => !(error instanceof ApiError && error.status !== 0) && count < 2,
  staleTime: 60_000,
});

export function useSession(): Session | undefined {
  return useQuery(sessionQuery).data;
}

/** The project that the address names. */
export function useProjectId(): string {
  return useParams({ strict: false, select: (facts: { project?: string }) => facts.project ?? "" });
}

export function useProject(): SessionProject | undefined {
  const id = useProjectId();
  return useSession()?.projects.find((project) => project.id === id);
}

/** May the person do this, here or in the whole studio? */
export function useMay(permission: Permission): boolean {
  const session = useSession();
  const project = useProject();
  return Boolean(session?.permissions.includes(permission) || project?.permissions.includes(permission));
}

interface AllauthErrors {
  readonly errors?: readonly { readonly code: string; readonly param?: string }[];
}

/** Sign in by e-mail and password (allauth headless). The CSRF cookie came with the page. */
export async function signIn(email: string, password: string): Promise<"in" | "more"> {
  try {
    await request("/_allauth/browser/v1/auth/login", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email, password }),
    });
    return "in";
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return "more";
    throw error instanceof ApiError ? withAllauthCode(error) : error;
  }
}

function withAllauthCode(error: ApiError): ApiError {
  const code = (error.problem as AllauthErrors).errors?.[0]?.code;
  return code ? new ApiError({ ...error.problem, code }) : error;
}

/** Sign out; allauth answers 401 to say that nobody is signed in any more. */
export async function signOut(): Promise<void> {
  try {
    await request("/_allauth/browser/v1/auth/session", { method: "DELETE" });
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  }
}
