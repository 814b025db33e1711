import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { CreatePage } from "./create-page";

export interface CreateSearch {
  readonly recall?: string;
  readonly model?: string;
}

export function createRoutes(parent: AnyRoute) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: "create",
      component: CreatePage,
      validateSearch: (search: Record<string, unknown>): CreateSearch => ({
        ...(typeof search["recall"] === "string" ? { recall: search["recall"] } : {}),
        ...(typeof search["model"] === "string" ? { model: search["model"] } : {}),
      }),
    }),
  ];
}
