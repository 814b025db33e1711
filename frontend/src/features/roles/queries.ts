import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { everyRow, get, patch, post, remove } from "@/api/client";
import type { CustomRoleAsk, CustomRoleChange, GrantAsk, Permission } from "@/api/types";

export function useGrants() {
  return useQuery({ queryKey: ["grants"], queryFn: () => everyRow((query) => get("/api/v1/grants", { query })) });
}

function useChange<Ask, Answer>(key: string, mutationFn: (ask: Ask) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: [key] }) });
}

export const useGrant = () => useChange("grants", (body: GrantAsk) => post("/api/v1/grants", { body }));
export const useRevoke = () => useChange("grants", (grant: string) => remove("/api/v1/grants/{grant}", { path: { grant } }));
export const useDefine = () => useChange("roles", (body: CustomRoleAsk) => post("/api/v1/roles", { body }));
export const useChangeRole = () => useChange("roles", ({ custom, ...body }: CustomRoleChange & { readonly custom: string }) => patch("/api/v1/roles/{custom}", { path: { custom }, body }));

/** Removes a role that nobody holds; forced, it is taken from each who holds it first. */
export function useRemoveRole() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ custom, isForced }: { readonly custom: string; readonly isForced: boolean }) => remove("/api/v1/roles/{custom}", { path: { custom }, ...(isForced ? { query: { force: true } } : {}) }),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ["roles"] }), client.invalidateQueries({ queryKey: ["grants"] })]),
  });
}

/** Asked anew each time: roles may have changed since. */
export function useAskWhy() {
  return useMutation({ mutationFn: (query: { readonly person: string; readonly permission: Permission; readonly project?: string }) => get("/api/v1/access/explain", { query }) });
}
