import { useInfiniteQuery } from "@tanstack/react-query";
import { cursorOf, get } from "@/api/client";
import type { ReviewSearch } from "./search";

export function useWithheld(project: string) {
  return useInfiniteQuery({
    queryKey: ["withheld", project],
    queryFn: ({ pageParam }) => get("/api/v1/projects/{project}/withheld", { path: { project }, query: pageParam ? { cursor: pageParam } : {} }),
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
  });
}

export function useRequests(project: string, { state }: ReviewSearch) {
  return useInfiniteQuery({
    queryKey: ["requests", project, state ?? ""],
    queryFn: ({ pageParam }) => get("/api/v1/projects/{project}/generations", { path: { project }, query: { ...(state ? { state } : {}), ...(pageParam ? { cursor: pageParam } : {}) } }),
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
  });
}
