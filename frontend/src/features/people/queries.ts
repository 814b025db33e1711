import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { everyRow, get, patch, post, remove } from "@/api/client";

function useChange<Ask, Answer>(key: string, mutationFn: (ask: Ask) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: [key] }) });
}

export const useAddPerson = () => useChange("people", (body: { readonly name: string; readonly email: string }) => post("/api/v1/people", { body }));
export const useSuspend = () => useChange("people", (person: string) => post("/api/v1/people/{person}/suspend", { path: { person } }));
export const useRestore = () => useChange("people", (person: string) => post("/api/v1/people/{person}/restore", { path: { person } }));
export const useAddGroup = () => useChange("groups", (name: string) => post("/api/v1/groups", { body: { name } }));
export const useRenameGroup = () => useChange("groups", ({ group, name }: { readonly group: string; readonly name: string }) => patch("/api/v1/groups/{group}", { path: { group }, body: { name } }));
export const useRemoveGroup = () => useChange("groups", (group: string) => remove("/api/v1/groups/{group}", { path: { group } }));

export function useGroupMembers(group: string) {
  return useQuery({ queryKey: ["group-members", group], queryFn: () => everyRow((query) => get("/api/v1/groups/{group}/members", { path: { group }, query })) });
}

export function useJoin(group: string) {
  const client = useQueryClient();
  const onSuccess = async () => {
    await client.invalidateQueries({ queryKey: ["group-members", group] });
    await client.invalidateQueries({ queryKey: ["groups"] });
  };
  return {
    join: useMutation({ mutationFn: (person: string) => post("/api/v1/groups/{group}/members", { path: { group }, body: { person } }), onSuccess }),
    leave: useMutation({ mutationFn: (person: string) => remove("/api/v1/groups/{group}/members/{person}", { path: { group, person } }), onSuccess }),
  };
}
