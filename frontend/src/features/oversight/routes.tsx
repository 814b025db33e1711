import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { LedgerPage } from "./ledger-page";

export interface LedgerSearch {
  readonly kind?: string;
  readonly where?: "project";
  /** The entry whose proof is open. */
  readonly entry?: string;
}

export function oversightRoutes(parent: AnyRoute) {
  return [
    createRoute({
      getParentRoute: () => parent,
      path: "ledger",
      component: LedgerPage,
      validateSearch: (search: Record<string, unknown>): LedgerSearch => ({
        ...(typeof search["kind"] === "string" ? { kind: search["kind"] } : {}),
        ...(search["where"] === "project" ? { where: "project" as const } : {}),
        ...(typeof search["entry"] === "string" ? { entry: search["entry"] } : {}),
      }),
    }),
  ];
}
