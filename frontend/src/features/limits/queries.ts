import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, put, remove } from "@/api/client";
import type { LimitsAsk } from "@/api/types";
import { holderOf } from "./draft";

const key = (project: string) => ["allowances", project] as const;

export function useAllowances(project: string) {
  return useQuery({ queryKey: key(project), queryFn: () => get("/api/v1/projects/{project}/allowances", { path: { project }, query: { limit: 200 } }), select: (page) => page.results });
}

export function useUsage(project: string) {
  return useQuery({ queryKey: ["usage", project], queryFn: () => get("/api/v1/projects/{project}/usage", { path: { project } }) });
}

interface Ask {
  /** The one to change; without it one is set for the holder. */
  readonly allowance: string | undefined;
  readonly holder: string;
  readonly limits: LimitsAsk;
}

export function useSetLimit(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ allowance, holder, limits }: Ask) =>
      allowance === undefined
        ? post("/api/v1/projects/{project}/allowances", { path: { project }, body: { ...holderOf(holder), ...limits } })
        : put("/api/v1/projects/{project}/allowances/{allowance}", { path: { project, allowance }, body: limits }),
    onSuccess: () => client.invalidateQueries({ queryKey: key(project) }),
  });
}

export function useRemoveLimit(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (allowance: string) => remove("/api/v1/projects/{project}/allowances/{allowance}", { path: { project, allowance } }),
    onSuccess: () => client.invalidateQueries({ queryKey: key(project) }),
  });
}
