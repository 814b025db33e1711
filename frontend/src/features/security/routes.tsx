import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { PolicyPage } from "./policy-page";
import { ServicesPage } from "./services-page";

export function securityRoutes(parent: AnyRoute) {
  return [createRoute({ getParentRoute: () => parent, path: "security", component: PolicyPage }), createRoute({ getParentRoute: () => parent, path: "service-accounts", component: ServicesPage })];
}
