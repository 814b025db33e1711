import { type AnyRoute, createRoute } from "@tanstack/react-router";
import { DatasetPage } from "./dataset-page";
import { DatasetsPage } from "./datasets-page";

export function datasetRoutes(parent: AnyRoute) {
  return [
    createRoute({ getParentRoute: () => parent, path: "datasets", component: DatasetsPage }),
    createRoute({ getParentRoute: () => parent, path: "datasets/$dataset", component: DatasetPage }),
  ];
}
