/* Who is signed in, and what the interface may offer. The interface hides; the service decides. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ApiError, get } from "./client";
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

/** Is this the platform's own tenant, where its own roles are held and no others? */
export const useIsPlatform = (): boolean => useSession()?.tenant.is_platform ?? false;

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
