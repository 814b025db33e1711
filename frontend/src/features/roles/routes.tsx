import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { ExplainPage } from "./explain-page";
import { GrantsPage } from "./grants-page";
import { RolesPage } from "./roles-page";

export interface GrantsSearch {
  /** Whose access is to be explained. */
  readonly person?: string;
}

export function roleRoutes(parent: AnyRoute) {
  return [
    createRoute({ getParentRoute: () => parent, path: "roles", component: RolesPage }),
    createRoute({
      getParentRoute: () => parent,
      path: "grants",
      component: GrantsPage,
      validateSearch: (search: Record<string, unknown>): GrantsSearch => (typeof search["person"] === "string" ? { person: search["person"] } : {}),
    }),
  ];
}

export function roleRoutesOfProject(parent: AnyRoute) {
  return [createRoute({ getParentRoute: () => parent, path: "explain", component: ExplainPage })];
}
