import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { cursorOf, get, patch, post, remove } from "@/api/client";

export function useDataset(project: string, id: string) {
  return useQuery({ queryKey: ["datasets", project, id], queryFn: () => get("/api/v1/projects/{project}/datasets/{id}", { path: { project, id } }) });
}

export function useItems(project: string, id: string) {
  return useInfiniteQuery({
    queryKey: ["dataset-items", project, id],
    queryFn: ({ pageParam }) => get("/api/v1/projects/{project}/datasets/{id}/items", { path: { project, id }, query: { limit: "100", ...(pageParam ? { cursor: pageParam } : {}) } }),
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
  });
}

export function useCreateDataset(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => post("/api/v1/projects/{project}/datasets", { path: { project }, body: { name } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["datasets", project] }),
  });
}

export function useFreeze(project: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post("/api/v1/projects/{project}/datasets/{id}/freeze", { path: { project, id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["datasets", project] }),
  });
}

export function useCaption(project: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ item, caption }: { readonly item: string; readonly caption: string }) =>
      patch("/api/v1/projects/{project}/datasets/{id}/items/{item}", { path: { project, id, item }, body: { caption } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["dataset-items", project, id] }),
  });
}

export function useRemoveItem(project: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (item: string) => remove("/api/v1/projects/{project}/datasets/{id}/items/{item}", { path: { project, id, item } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["dataset-items", project, id] });
      await client.invalidateQueries({ queryKey: ["datasets", project] });
    },
  });
}
