import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { SsoPage } from "./sso-page";

export function ssoRoutes(parent: AnyRoute) {
  return [createRoute({ getParentRoute: () => parent, path: "single-sign-on", component: SsoPage })];
}
