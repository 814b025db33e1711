import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { type ReviewSearch, readSearch } from "./search";
import { WithheldPage } from "./withheld-page";

export function withheldRoutes(parent: AnyRoute) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: "withheld",
      component: WithheldPage,
      validateSearch: (search: Record<string, unknown>): ReviewSearch => readSearch(search),
    }),
  ];
}
