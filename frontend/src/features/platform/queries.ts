import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, put } from "@/api/client";
import type { Quota, StudioAsk } from "@/api/types";

const STUDIOS = ["platform-studios"] as const;

export function useStudios() {
  return useQuery({ queryKey: STUDIOS, queryFn: () => get("/api/v1/platform/studios", { query: { limit: 200 } }), select: (page) => page.results });
}

export function useHealth() {
  return useQuery({ queryKey: ["platform-health"], queryFn: () => get("/api/v1/platform/health"), refetchInterval: 15_000 });
}

function useChange<Ask, Answer>(mutationFn: (ask: Ask) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: STUDIOS }) });
}

export const useFound = () => useChange((body: StudioAsk) => post("/api/v1/platform/studios", { body }));
export const useSuspend = () => useChange((studio: string) => post("/api/v1/platform/studios/{studio}/suspend", { path: { studio } }));
export const useRestore = () => useChange((studio: string) => post("/api/v1/platform/studios/{studio}/restore", { path: { studio } }));
export const useSetQuota = () => useChange(({ studio, quota }: { readonly studio: string; readonly quota: Quota }) => put("/api/v1/platform/studios/{studio}/quota", { path: { studio }, body: quota }));
export const useEnter = () => useMutation({ mutationFn: (studio: string) => post("/api/v1/platform/studios/{studio}/enter", { path: { studio } }) });
