/* Questions about the studio's people that several of its settings ask, each answered whole. */
import { queryOptions } from "@tanstack/react-query";
import { everyRow, get } from "./client";

const everybody = queryOptions({
  queryKey: ["people"],
  queryFn: () => everyRow((query) => get("/api/v1/people", { query })),
});

/** The people of the studio, without its programs. */
export const peopleQuery = queryOptions({
  ...everybody,
  select: (all) => all.filter(({ kind }) => kind === "person"),
});

/** Who can be granted a role besides groups: people, and service accounts that are at work. */
export const holdersQuery = queryOptions({
  ...everybody,
  select: (all) => all.filter(({ kind, is_active: isActive }) => kind === "person" || (kind === "service" && isActive)),
});

export const groupsQuery = queryOptions({
  queryKey: ["groups"],
  queryFn: () => everyRow((query) => get("/api/v1/groups", { query })),
});

export const rolesQuery = queryOptions({ queryKey: ["roles"], queryFn: () => get("/api/v1/roles") });

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: () => everyRow((query) => get("/api/v1/projects", { query })),
});
