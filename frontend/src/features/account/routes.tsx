import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { AccountPage } from "./account-page";

export function accountRoutes(parent: AnyRoute) {
  return [createRoute({ getParentRoute: () => parent, path: "account", component: AccountPage })];
}
