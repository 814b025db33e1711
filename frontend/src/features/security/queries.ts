import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { everyRow, get, patch, post, put, remove } from "@/api/client";
import type { SecurityPolicyAsk, ServiceTokenAsk } from "@/api/types";

const POLICY = ["security-policy"] as const;
const SERVICES = ["service-accounts"] as const;

export function usePolicy() {
  return useQuery({ queryKey: POLICY, queryFn: () => get("/api/v1/security-policy") });
}

function useChange<Ask, Answer>(queryKey: readonly string[], mutationFn: (ask: Ask) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey }) });
}

export const useSetPolicy = () => useChange(POLICY, (body: SecurityPolicyAsk) => put("/api/v1/security-policy", { body }));

export function useServices() {
  return useQuery({ queryKey: SERVICES, queryFn: () => everyRow((query) => get("/api/v1/service-accounts", { query })) });
}

export const useAddService = () => useChange(SERVICES, (body: { readonly name: string; readonly keeper: string }) => post("/api/v1/service-accounts", { body }));
export const useRemoveService = () => useChange(SERVICES, (service: string) => remove("/api/v1/service-accounts/{service}", { path: { service } }));
export const useSuspendService = () =>
  useChange(SERVICES, ({ service, isSuspended }: { readonly service: string; readonly isSuspended: boolean }) => patch("/api/v1/service-accounts/{service}", { path: { service }, body: { is_suspended: isSuspended } }));
export const useHandOver = () =>
  useChange(SERVICES, ({ service, keeper }: { readonly service: string; readonly keeper: string }) => patch("/api/v1/service-accounts/{service}", { path: { service }, body: { keeper } }));


const tokensKey = (service: string) => ["service-tokens", service];
export function useServiceTokens(service: string) {
  return useQuery({ queryKey: tokensKey(service), queryFn: () => get("/api/v1/service-accounts/{service}/tokens", { path: { service }, query: { limit: 200 } }), select: (page) => page.results.filter(({ revoked }) => revoked === null) });
}

export const useIssueServiceToken = (service: string) => useChange(tokensKey(service), (body: ServiceTokenAsk) => post("/api/v1/service-accounts/{service}/tokens", { path: { service }, body }));
export const useRotate = (service: string) => useChange(tokensKey(service), (token: string) => post("/api/v1/service-accounts/{service}/tokens/{token}/rotate", { path: { service, token }, body: { grace_minutes: 60 } }));
export const useRevokeServiceToken = (service: string) => useChange(tokensKey(service), (token: string) => remove("/api/v1/service-accounts/{service}/tokens/{token}", { path: { service, token } }));
