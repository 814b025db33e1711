import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { cursorOf, get, patch, post, remove } from "@/api/client";
import type { Likeness } from "./likeness";

export function useDataset(project: string, id: string) {
  return useQuery({ queryKey: ["datasets", project, id], queryFn: () => get("/api/v1/projects/{project}/datasets/{dataset}", { path: { project, dataset: id } }) });
}

export function useItems(project: string, id: string) {
  return useInfiniteQuery({
    queryKey: ["dataset-items", project, id],
    queryFn: ({ pageParam }) => get("/api/v1/projects/{project}/datasets/{dataset}/items", { path: { project, dataset: id }, query: { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) } }),
    initialPageParam: "",
    getNextPageParam: (page) => cursorOf(page.next),
  });
}

const likenessKey = (project: string, id: string) => ["dataset-likeness", project, id] as const;

/** What uploads of this tab were answered; the list of items does not tell it. */
export function useLikeness(project: string, id: string): Likeness {
  return useQuery<Likeness>({ queryKey: likenessKey(project, id), queryFn: () => ({}), initialData: {}, staleTime: Infinity, gcTime: Infinity }).data;
}

export function useNoteLikeness(project: string, id: string) {
  const client = useQueryClient();
  return (item: string, similar: string) => {
    client.setQueryData<Likeness>(likenessKey(project, id), (was) => ({ ...was, [item]: similar }));
  };
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
    mutationFn: () => post("/api/v1/projects/{project}/datasets/{dataset}/freeze", { path: { project, dataset: id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["datasets", project] }),
  });
}

export function useCaption(project: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ item, caption }: { readonly item: string; readonly caption: string }) =>
      patch("/api/v1/projects/{project}/datasets/{dataset}/items/{item}", { path: { project, dataset: id, item }, body: { caption } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["dataset-items", project, id] }),
  });
}

export function useRemoveItem(project: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (item: string) => remove("/api/v1/projects/{project}/datasets/{dataset}/items/{item}", { path: { project, dataset: id, item } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["dataset-items", project, id] });
      await client.invalidateQueries({ queryKey: ["datasets", project] });
    },
  });
}
