import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { GrantsPage } from "./grants-page";
import { RolesPage } from "./roles-page";

export function roleRoutes(parent: AnyRoute) {
  return [createRoute({ getParentRoute: () => parent, path: "roles", component: RolesPage }), createRoute({ getParentRoute: () => parent, path: "grants", component: GrantsPage })];
}
