import { QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/client";
import { sessionQuery } from "@/api/session";

/** The session ended, or has to do something before anything else is open to it. */
const isOver = (error: Error): boolean => error instanceof ApiError && (error.status === 401 || (error.status === 403 && error.problem.code.startsWith("session.")));

/** A session that ended anywhere ends everywhere: the shell then shows the sign-in page, or what the session must do. */
export function newQueryClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] !== "session" && isOver(error)) void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
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
