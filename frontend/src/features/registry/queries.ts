import { useMutation, useQueryClient } from "@tanstack/react-query";
import { post } from "@/api/client";

export function useDecide(project: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { readonly approve: boolean; readonly reason: string }) => post("/api/v1/projects/{project}/models/{model}/decision", { path: { project, model: id }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["models", project] }),
  });
}
