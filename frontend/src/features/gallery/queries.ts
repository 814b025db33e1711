import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { cursorOf, get, post, request } from "@/api/client";
import { type GallerySearch, filtersFor } from "./search";

export function useAssets(project: string, search: GallerySearch) {
  const filters = filtersFor(search);
  return useInfiniteQuery({
    queryKey: ["assets", project, filters],
    queryFn: ({ pageParam }) => get("/api/v1/projects/{project}/assets", { path: { project }, query: { ...filters, ...(pageParam ? { cursor: pageParam } : {}) } }),
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
  });
}

/** Fetch the file by the recorded download, and hand it to the browser's own saving. */
export function useDownload(project: string) {
  return useMutation({
    mutationFn: async (id: string) => {
      const response = await request(`/api/v1/projects/${project}/assets/${id}/download`, { method: "POST" });
      const name = /filename="?([^";]+)"?/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? `${id}.png`;
      saveAs(await response.blob(), name);
    },
  });
}

function saveAs(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 10_000);
}

export function useWithdraw(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post("/api/v1/projects/{project}/assets/{asset}/withdraw", { path: { project, asset: id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["assets", project] }),
  });
}

export function useReplay(project: string, asset: string) {
  const ask = useMutation({ mutationFn: () => post("/api/v1/projects/{project}/assets/{asset}/replay", { path: { project, asset } }) });
  const id = ask.data?.id;
  const replay = useQuery({
    queryKey: ["replay", project, id],
    queryFn: () => get("/api/v1/projects/{project}/replays/{replay}", { path: { project, replay: id ?? "" } }),
    enabled: id !== undefined,
    refetchInterval: (query) => (["queued", "running"].includes(query.state.data?.state ?? "queued") ? 1500 : false),
  });
  return { ask, replay: id === undefined ? undefined : replay.data, isWaiting: ask.isPending || (id !== undefined && ["queued", "running"].includes(replay.data?.state ?? "queued")) };
}
