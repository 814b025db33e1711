import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { EnterPage } from "./enter-page";
import { HealthPage } from "./health-page";
import { StudiosPage } from "./studios-page";

export function platformRoutes(parent: AnyRoute) {
  return [
    createRoute({ getParentRoute: () => parent, path: "studios", component: StudiosPage }),
    createRoute({ getParentRoute: () => parent, path: "health", component: HealthPage }),
    createRoute({ getParentRoute: () => parent, path: "enter", component: EnterPage }),
  ];
}
