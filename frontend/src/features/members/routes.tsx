import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { TokensPage } from "./tokens-page";

export function memberRoutes(parent: AnyRoute) {
  return [createRoute({ getParentRoute: () => parent, path: "tokens", component: TokensPage })];
}
