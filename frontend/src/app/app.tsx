import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { prefix } from "@/api/client";
import { Design } from "@/ui/design";
import { newQueryClient } from "./query-client";
import { newRouter } from "./router";

export function App() {
  const [client] = useState(newQueryClient);
  const [router] = useState(() => newRouter({ basepath: prefix() || "/" }));
  return (
    <Design>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </Design>
  );
}
