import { useQueryClient } from "@tanstack/react-query";
import { sessionQuery } from "@/api/session";
import { signOut } from "@/api/sign-in";

/** Signs out here, and at the provider that the session came by. */
export function useLeave(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    const away = await signOut();
    client.clear();
    await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    window.location.assign(away || window.location.pathname);
  };
}
