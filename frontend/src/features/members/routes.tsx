import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { LeakedPage } from "./leaked-page";
import { StudioTokensPage } from "./studio-tokens-page";
import { TokensPage } from "./tokens-page";

export function memberRoutes(parent: AnyRoute) {
  return [createRoute({ getParentRoute: () => parent, path: "tokens", component: TokensPage })];
}

/** One's own tokens stand at the account, for who is in no project too. */
export function memberRoutesOfAccount(parent: AnyRoute) {
  return [createRoute({ getParentRoute: () => parent, path: "account/tokens", component: TokensPage })];
}

export function memberRoutesOfStudio(parent: AnyRoute) {
  return [createRoute({ getParentRoute: () => parent, path: "tokens", component: StudioTokensPage })];
}

export function leakedRoutes(parent: AnyRoute) {
  return [createRoute({ getParentRoute: () => parent, path: "leaked", component: LeakedPage })];
}
