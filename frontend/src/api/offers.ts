/* How one signs in at the studio of the address, as it tells anybody; and where a sign-in by a provider begins. */
import { queryOptions } from "@tanstack/react-query";
import { address, get } from "./client";

export const offersQuery = queryOptions({ queryKey: ["sign-in"], queryFn: () => get("/api/v1/sign-in"), staleTime: 60_000, retry: false });

/** Where to send the browser: the provider, and afterwards back to where it was; from the sign-in page, to the first page. */
export function beginning(url: string, here: string, isFresh = false): string {
  const search = new URLSearchParams();
  if (!/\/sign-in\/?(?:\?|$)/.test(here)) search.set("next", here);
  if (isFresh) search.set("fresh", "1");
  return search.size > 0 ? `${address(url)}?${search.toString()}` : address(url);
}
