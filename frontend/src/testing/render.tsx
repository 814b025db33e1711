import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider, createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { newQueryClient } from "@/app/query-client";
import { newRouter } from "@/app/router";
import { WordsContext } from "@/lib/words/context";
import { type Words, english } from "@/lib/words/words";
import { Design } from "@/ui/design";

/** The whole portal at an address, with the service that the test started. */
export function renderAt(path: string, words: Words = english) {
  const router = newRouter({ basepath: "/", history: createMemoryHistory({ initialEntries: [path] }) });
  const client = newQueryClient();
  client.setDefaultOptions({ queries: { retry: false } });
  const view = render(
    <WordsContext value={words}>
      <Design instant>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </Design>
    </WordsContext>,
  );
  return { ...view, router };
}
