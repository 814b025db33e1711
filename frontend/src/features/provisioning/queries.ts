import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, remove } from "@/api/client";

const KEY = ["provisioning"] as const;

export function useProvisioning() {
  return useQuery({ queryKey: KEY, queryFn: () => get("/api/v1/provisioning") });
}

function useChange<Ask, Answer>(mutationFn: (ask: Ask) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: KEY }) });
}

export const useIssue = () => useChange((body: { readonly name: string; readonly days: number }) => post("/api/v1/provisioning/tokens", { body }));
export const useRotate = () => useChange(({ token, ...body }: { readonly token: string; readonly grace_hours: number }) => post("/api/v1/provisioning/tokens/{token}/rotate", { path: { token }, body }));
export const useRevoke = () => useChange((token: string) => remove("/api/v1/provisioning/tokens/{token}", { path: { token } }));
