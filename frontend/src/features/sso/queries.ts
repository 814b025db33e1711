import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, patch, post, remove } from "@/api/client";
import { offersQuery } from "@/api/offers";
import type { DomainAsk, MappingAsk, ProviderAsk, ProviderChanges, TestedProviderAsk } from "@/api/types";

const PROVIDERS = ["identity-providers"] as const;
const DOMAINS = ["domains"] as const;

export function useProviders() {
  return useQuery({ queryKey: PROVIDERS, queryFn: () => get("/api/v1/identity-providers", { query: { limit: 200 } }), select: (page) => page.results });
}

export function useOurSide(provider: string) {
  return useQuery({ queryKey: [...PROVIDERS, provider, "ours"], queryFn: () => get("/api/v1/identity-providers/{provider}/service-provider", { path: { provider } }) });
}

/** What a test received. The service tells it once, so it is asked once. */
export function useReceived(test: string) {
  return useQuery({ queryKey: ["received", test], queryFn: () => post("/api/v1/identity-providers/test-results", { body: { test } }), staleTime: Infinity, gcTime: Infinity, retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false, refetchOnMount: false });
}

function useChange<Ask, Answer>(queryKey: readonly string[], mutationFn: (ask: Ask) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey });
      await client.invalidateQueries({ queryKey: offersQuery.queryKey });
    },
  });
}

export const useTestNew = () => useMutation({ mutationFn: (body: ProviderAsk) => post("/api/v1/identity-providers/test", { body }) });
export const useTest = () => useMutation({ mutationFn: (provider: string) => post("/api/v1/identity-providers/{provider}/test", { path: { provider } }) });
export const useAddProvider = () => useChange(PROVIDERS, (body: TestedProviderAsk) => post("/api/v1/identity-providers", { body }));
export const useChangeProvider = (provider: string) => useChange(PROVIDERS, (body: ProviderChanges) => patch("/api/v1/identity-providers/{provider}", { path: { provider }, body }));
export const useRefresh = (provider: string) => useChange(PROVIDERS, (metadata: string) => post("/api/v1/identity-providers/{provider}/refresh", { path: { provider }, body: { metadata } }));
export const useRemoveProvider = () => useChange(PROVIDERS, (provider: string) => remove("/api/v1/identity-providers/{provider}", { path: { provider } }));

const mappingsKey = (provider: string) => [...PROVIDERS, provider, "mappings"];
export function useMappings(provider: string) {
  return useQuery({ queryKey: mappingsKey(provider), queryFn: () => get("/api/v1/identity-providers/{provider}/mappings", { path: { provider }, query: { limit: 200 } }), select: (page) => page.results });
}
export const useAddMapping = (provider: string) => useChange(mappingsKey(provider), (body: MappingAsk) => post("/api/v1/identity-providers/{provider}/mappings", { path: { provider }, body }));
export const useRemoveMapping = (provider: string) => useChange(mappingsKey(provider), (mapping: string) => remove("/api/v1/identity-providers/{provider}/mappings/{mapping}", { path: { provider, mapping } }));

export function useDomains() {
  return useQuery({ queryKey: DOMAINS, queryFn: () => get("/api/v1/domains", { query: { limit: 200 } }), select: (page) => page.results });
}
export const useClaim = () => useChange(DOMAINS, (body: DomainAsk) => post("/api/v1/domains", { body }));
export const useProve = () => useChange(DOMAINS, (domain: string) => post("/api/v1/domains/{domain}/prove", { path: { domain } }));
export const useRelease = () => useChange(DOMAINS, (domain: string) => remove("/api/v1/domains/{domain}", { path: { domain } }));
