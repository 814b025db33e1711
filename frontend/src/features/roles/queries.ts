import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, remove } from "@/api/client";
import type { CustomRoleAsk, GrantAsk, Permission } from "@/api/types";

export function useGrants() {
  return useQuery({ queryKey: ["grants"], queryFn: () => get("/api/v1/grants", { query: { limit: 200 } }), select: (page) => page.results });
}

function useChange<Ask, Answer>(key: string, mutationFn: (ask: Ask) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: [key] }) });
}

export const useGrant = () => useChange("grants", (body: GrantAsk) => post("/api/v1/grants", { body }));
export const useRevoke = () => useChange("grants", (grant: string) => remove("/api/v1/grants/{grant}", { path: { grant } }));
export const useDefine = () => useChange("roles", (body: CustomRoleAsk) => post("/api/v1/roles", { body }));
export const useRemoveRole = () => useChange("roles", (custom: string) => remove("/api/v1/roles/{custom}", { path: { custom } }));

/** Asked anew each time: roles may have changed since. */
export function useAskWhy() {
  return useMutation({ mutationFn: (query: { readonly person: string; readonly permission: Permission; readonly project?: string }) => get("/api/v1/access/explain", { query }) });
}
