import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, post } from "@/api/client";
import { useLiveEvents } from "@/api/events";
import type { TrainingAsk } from "@/api/types";
import { type CurvePoint, isGoing } from "./run-state";

export function useRuns(project: string) {
  return useQuery({
    queryKey: ["runs", project],
    queryFn: () => get("/api/v1/projects/{project}/training-runs", { path: { project }, query: { limit: 100 } }),
    select: (page) => page.results,
    refetchInterval: (query) => (query.state.data?.results.some(isGoing) ? 4000 : false),
  });
}

export function useStart(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: TrainingAsk) => post("/api/v1/projects/{project}/training-runs", { path: { project }, body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["runs", project] }),
  });
}

export interface Report {
  readonly step: number;
  readonly loss: number | undefined;
  readonly secondsLeft: number | undefined;
}

/** One run as it goes: read now and then, told about in between. */
export function useLiveRun(project: string, id: string) {
  const client = useQueryClient();
  const key = ["runs", project, id];
  const run = useQuery({
    queryKey: key,
    queryFn: () => get("/api/v1/projects/{project}/training-runs/{run}", { path: { project, run: id } }),
    refetchInterval: (query) => (query.state.data && isGoing(query.state.data) ? 3000 : false),
  });
  const [reports, setReports] = useState<readonly CurvePoint[]>([]);
  const [latest, setLatest] = useState<Report>();
  const isListening = run.data !== undefined && isGoing(run.data);
  useLiveEvents(isListening ? `/api/v1/projects/${project}/training-runs/${id}/events` : undefined, (event) => {
    const number = (name: string) => (typeof event[name] === "number" ? event[name] : undefined);
    const step = number("step");
    const loss = number("loss");
    if (event.event === "report" && step !== undefined) {
      setLatest({ step, loss, secondsLeft: number("seconds_left") });
      if (loss !== undefined) setReports((was) => [...was, [step, loss] as const]);
    }
    if (event.event === "state" || event.event === "sample") {
      void client.invalidateQueries({ queryKey: key });
      void client.invalidateQueries({ queryKey: ["models", project] });
    }
  });
  return { run, reports, latest };
}

export function useRunVerb(project: string, id: string, verb: "cancel" | "resume") {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post(`/api/v1/projects/{project}/training-runs/{run}/${verb}`, { path: { project, run: id } }),
    onSettled: () => client.invalidateQueries({ queryKey: ["runs", project] }),
  });
}
