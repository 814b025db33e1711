import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { ModelsPage } from "./models-page";

export function registryRoutes(parent: AnyRoute) {
  return [createRoute({ getParentRoute: () => parent, path: "models", component: ModelsPage })];
}
