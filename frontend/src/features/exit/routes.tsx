import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { ExitPage } from "./exit-page";

export interface ExitSearch {
  readonly model?: string;
}

export function exitRoutes(parent: AnyRoute) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: "exit",
      component: ExitPage,
      validateSearch: (search: Record<string, unknown>): ExitSearch => (typeof search["model"] === "string" ? { model: search["model"] } : {}),
    }),
  ];
}
