import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { GroupsPage } from "./groups-page";
import { PeoplePage } from "./people-page";

export function peopleRoutes(parent: AnyRoute) {
  return [createRoute({ getParentRoute: () => parent, path: "people", component: PeoplePage }), createRoute({ getParentRoute: () => parent, path: "groups", component: GroupsPage })];
}
