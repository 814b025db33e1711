import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { SupportPage } from "./support-page";

export function supportRoutes(parent: AnyRoute) {
  return [createRoute({ getParentRoute: () => parent, path: "support", component: SupportPage })];
}
