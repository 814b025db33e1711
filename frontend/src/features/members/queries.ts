import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { cursorOf, get, post, remove } from "@/api/client";
import type { TokenAsk } from "@/api/types";

const TOKENS = ["tokens"] as const;
const ALL = ["studio-tokens"] as const;

export function useTokens() {
  return useQuery({ queryKey: TOKENS, queryFn: () => get("/api/v1/tokens", { query: { limit: 200 } }), select: (page) => page.results.filter(({ revoked }) => revoked === null) });
}

function useChange<Ask, Answer>(queryKey: readonly string[], mutationFn: (ask: Ask) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey }) });
}

export const useIssue = () => useChange(TOKENS, (body: TokenAsk) => post("/api/v1/tokens", { body }));
export const useRevoke = () => useChange(TOKENS, (token: string) => remove("/api/v1/tokens/{token}", { path: { token } }));
export const useRotate = () => useChange(TOKENS, ({ token, minutes }: { readonly token: string; readonly minutes: number }) => post("/api/v1/tokens/{token}/rotate", { path: { token }, body: { grace_minutes: minutes } }));

/** Everybody's tokens that are not revoked, page by page. */
export function useStudioTokens() {
  return useInfiniteQuery({
    queryKey: ALL,
    queryFn: ({ pageParam }) => get("/api/v1/studio-tokens", { query: { limit: 100, ...(pageParam === undefined ? {} : { cursor: pageParam }) } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => cursorOf(page.next),
    select: ({ pages }) => pages.flatMap(({ results }) => results).filter(({ revoked }) => revoked === null),
  });
}

export const useRevokeAnybodys = () => useChange(ALL, (token: string) => remove("/api/v1/studio-tokens/{token}", { path: { token } }));

export function useReportLeaked() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => post("/api/v1/tokens/leaked", { body: { token } }),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: TOKENS }), client.invalidateQueries({ queryKey: ALL })]),
  });
}
