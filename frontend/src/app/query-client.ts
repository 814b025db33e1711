import { QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/client";
import { sessionQuery } from "@/api/session";

/** A session that ended anywhere ends everywhere: the shell then shows the sign-in page. */
export function newQueryClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        const isOver = error instanceof ApiError && error.status === 401 && query.queryKey[0] !== "session";
        if (isOver) void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) => error instanceof ApiError && (error.status === 0 || error.status >= 502) && count < 2,
      },
    },
  });
  return client;
}
