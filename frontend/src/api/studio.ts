/* Questions about the studio's people that several of its settings ask: a studio has hundreds, so one page of 200 is most of them. */
import { queryOptions } from "@tanstack/react-query";
import { get } from "./client";

export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: () => get("/api/v1/people", { query: { limit: 200 } }),
  select: (page) => page.results,
});

export const groupsQuery = queryOptions({
  queryKey: ["groups"],
  queryFn: () => get("/api/v1/groups", { query: { limit: 200 } }),
  select: (page) => page.results,
});

export const rolesQuery = queryOptions({ queryKey: ["roles"], queryFn: () => get("/api/v1/roles") });

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: () => get("/api/v1/projects", { query: { limit: 200 } }),
  select: (page) => page.results,
});
