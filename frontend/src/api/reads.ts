/* Questions that more than one feature asks. */
import { queryOptions } from "@tanstack/react-query";
import { everyRow, get } from "./client";

/** Every model of the project that one may see: a studio has tens, so one page of 200 is all of them. */
export const modelsQuery = (project: string) =>
  queryOptions({
    queryKey: ["models", project],
    queryFn: () => get("/api/v1/projects/{project}/models", { path: { project }, query: { limit: 200 } }),
    select: (page) => page.results,
  });

export const datasetsQuery = (project: string) =>
  queryOptions({
    queryKey: ["datasets", project],
    queryFn: () => get("/api/v1/projects/{project}/datasets", { path: { project }, query: { limit: 200 } }),
    select: (page) => page.results,
  });

export const assetQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ["asset", project, id],
    queryFn: () => get("/api/v1/projects/{project}/assets/{asset}", { path: { project, asset: id } }),
  });

export const membersQuery = (project: string) =>
  queryOptions({
    queryKey: ["members", project],
    queryFn: () => everyRow((query) => get("/api/v1/projects/{project}/members", { path: { project }, query })),
  });
