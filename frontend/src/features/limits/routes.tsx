import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { LimitsPage } from "./limits-page";

export interface LimitsSearch {
  /** The project whose limits are shown; without it, the first. */
  readonly of?: string;
}

export function limitRoutes(parent: AnyRoute) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: "limits",
      component: LimitsPage,
      validateSearch: (search: Record<string, unknown>): LimitsSearch => (typeof search["of"] === "string" ? { of: search["of"] } : {}),
    }),
  ];
}
