import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, remove } from "@/api/client";
import type { ConsentAsk } from "@/api/types";

const KEY = ["support-consents"] as const;

export function useConsents() {
  return useQuery({ queryKey: KEY, queryFn: () => get("/api/v1/support-consents", { query: { limit: 200 } }), select: (page) => page.results });
}

function useChange<Ask, Answer>(mutationFn: (ask: Ask) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: KEY }) });
}

export const useGive = () => useChange((body: ConsentAsk) => post("/api/v1/support-consents", { body }));
export const useEnd = () => useChange((consent: string) => remove("/api/v1/support-consents/{consent}", { path: { consent } }));
