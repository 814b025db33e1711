/* One's own sessions and devices, and one's password. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, remove, request } from "./client";
import { changePassword } from "./passwords";
import { library } from "./sign-in";

const DEVICES = ["sessions"] as const;

export function useDevices() {
  return useQuery({ queryKey: DEVICES, queryFn: () => get("/api/v1/sessions", { query: { limit: 200 } }), select: (page) => page.results });
}

function useChange<Ask, Answer>(mutationFn: (ask: Ask) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: DEVICES }) });
}

export const useEndDevice = () => useChange((session: string) => remove("/api/v1/sessions/{session}", { path: { session } }));
/** End all but this one. */
export const useEndOthers = () => useChange<undefined, Response>(() => request("/api/v1/sessions", { method: "DELETE" }));
export const useChangePassword = () => useChange(({ current, next }: { readonly current: string; readonly next: string }) => changePassword(current, next));

/** Whether the account has a password; who comes by a provider alone has none. */
export function useHasPassword() {
  return useQuery({
    queryKey: ["own", "password"],
    queryFn: async () => (await library<{ readonly user: { readonly has_usable_password: boolean } } | undefined>("GET", "auth/session"))?.user.has_usable_password ?? true,
  });
}
