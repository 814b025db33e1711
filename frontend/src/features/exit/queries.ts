import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { address, get, post } from "@/api/client";
import type { Exit } from "@/api/types";

export const isUnderWay = ({ state }: Exit): boolean => state === "queued";

export function useExits(project: string) {
  return useQuery({
    queryKey: ["exits", project],
    queryFn: () => get("/api/v1/projects/{project}/exits", { path: { project }, query: { limit: 100 } }),
    select: (page) => page.results,
    refetchInterval: (query) => (query.state.data?.results.some(isUnderWay) ? 2000 : false),
  });
}

export function useAskExit(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (model: string) => post("/api/v1/projects/{project}/exits", { path: { project }, body: { model } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["exits", project] }),
  });
}

/** Asks for a link of a minute, and has the browser fetch what it names. */
export function useTake(project: string) {
  return useMutation({
    mutationFn: (exit: string) => post("/api/v1/projects/{project}/exits/{exit}/download-link", { path: { project, exit } }),
    onSuccess: ({ url }) => {
      window.location.assign(address(url));
    },
  });
}
