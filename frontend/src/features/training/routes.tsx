import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { RunPage } from "./run-page";
import { RunsPage } from "./runs-page";

export interface TrainingSearch {
  readonly dataset?: string;
}

export function trainingRoutes(parent: AnyRoute) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: "training",
      component: RunsPage,
      validateSearch: (search: Record<string, unknown>): TrainingSearch => (typeof search["dataset"] === "string" ? { dataset: search["dataset"] } : {}),
    }),
    createRoute({ getParentRoute: () => parent, path: "training/$run", component: RunPage }),
  ];
}
