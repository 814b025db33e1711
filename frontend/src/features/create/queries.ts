import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, get, post } from "@/api/client";
import { useLiveEvents } from "@/api/events";
import type { Generation, GenerationAsk } from "@/api/types";

const POLL_MS = 1500;
const UNDER_WAY: readonly Generation["state"][] = ["queued", "running"];

export const isUnderWay = (generation: Generation): boolean => UNDER_WAY.includes(generation.state);

/** Send an order; what comes back is known at once, each under its own key. */
export function useGenerate(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: GenerationAsk) => post("/api/v1/projects/{project}/generations", { path: { project }, body }),
    onSuccess: ({ results }) => {
      for (const made of results) client.setQueryData(["generation", project, made.id], made);
      void client.invalidateQueries({ queryKey: ["assets", project] });
      void client.invalidateQueries({ queryKey: ["own-allowance", project] });
    },
  });
}

/** What one may use in the project today, and has used. */
export function useOwnAllowance(project: string) {
  return useQuery({ queryKey: ["own-allowance", project], queryFn: () => get("/api/v1/projects/{project}/allowances/own", { path: { project } }) });
}

export function useStop(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post("/api/v1/projects/{project}/generations/{generation}/cancel", { path: { project, generation: id } }),
    onSettled: (_, __, id) => client.invalidateQueries({ queryKey: ["generation", project, id] }),
  });
}

export interface Live {
  readonly step: number;
  readonly steps: number;
  readonly preview: string | undefined;
}

/** Whether a request is no longer there at all, so that nothing of it can be shown again. */
export const isGone = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

/** One request's row, polled while under way. A browser opens few connections to one host, so only the picture that is shown listens besides. */
export function useGeneration(project: string, id: string) {
  return useQuery({
    queryKey: ["generation", project, id],
    queryFn: () => get("/api/v1/projects/{project}/generations/{generation}", { path: { project, generation: id } }),
    refetchInterval: (query) => (query.state.error || (query.state.data && !isUnderWay(query.state.data)) ? false : POLL_MS),
  });
}

/** One request as it goes: its row, polled while under way, and what its events tell in between. */
export function useLiveGeneration(project: string, id: string): { readonly row: ReturnType<typeof useGeneration>; readonly live: Live } {
  const row = useGeneration(project, id);
  const { data } = row;
  const client = useQueryClient();
  const key = ["generation", project, id];
  const [live, setLive] = useState<Live>({ step: 0, steps: 0, preview: undefined });
  const isListening = data !== undefined && isUnderWay(data);
  useLiveEvents(isListening ? `/api/v1/projects/${project}/generations/${id}/events` : undefined, (event) => {
    const number = (name: string, otherwise: number) => (typeof event[name] === "number" ? event[name] : otherwise);
    if (event.event === "progress") setLive((was) => ({ ...was, step: number("step", was.step), steps: number("steps", was.steps) }));
    if (event.event === "preview") {
      const step = number("step", 0);
      setLive((was) => ({ ...was, preview: `/api/v1/projects/${project}/generations/${id}/preview?step=${String(step)}` }));
    }
    if (event.event === "state") void client.invalidateQueries({ queryKey: key });
  });
  return { row, live };
}
