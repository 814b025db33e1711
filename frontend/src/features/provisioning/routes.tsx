import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { ProvisioningPage } from "./provisioning-page";

export function provisioningRoutes(parent: AnyRoute) {
  return [createRoute({ getParentRoute: () => parent, path: "provisioning", component: ProvisioningPage })];
}
