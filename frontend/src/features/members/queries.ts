import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, remove } from "@/api/client";

export function useTokens() {
  return useQuery({ queryKey: ["tokens"], queryFn: () => get("/api/v1/tokens", { query: { limit: 200 } }), select: (page) => page.results.filter(({ revoked }) => revoked === null) });
}

export function useIssue() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { readonly name: string; readonly project: string | null; readonly days: number }) => post("/api/v1/tokens", { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["tokens"] }),
  });
}

export function useRevoke() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove("/api/v1/tokens/{token}", { path: { token: id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["tokens"] }),
  });
}
