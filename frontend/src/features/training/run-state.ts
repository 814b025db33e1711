/* What a run's state means for the page; pure. */
import type { TrainingRun, TrainingState, TrainingSummary } from "@/api/types";
import type { Tone } from "@/ui/state-mark";

export const TONES: Readonly<Record<TrainingState, Tone>> = {
  queued: "wait",
  running: "news",
  paused: "wait",
  finished: "good",
  failed: "bad",
  cancelled: "still",
};

export const isGoing = ({ state }: TrainingSummary): boolean => state === "queued" || state === "running" || state === "paused";
export const mayResume = ({ state }: TrainingSummary): boolean => state === "cancelled" || state === "failed";

export type CurvePoint = readonly [number, number];

/** The curve as pairs, whatever longer rows the service may send one day. */
export function curveOf(run: TrainingRun): readonly CurvePoint[] {
  return run.loss_curve.flatMap(([step, loss]) => (step === undefined || loss === undefined ? [] : [[step, loss] as const]));
}

/** A report that came by event, joined to the curve that was read; reports that were read already are passed over. */
export function joined(curve: readonly CurvePoint[], reports: readonly CurvePoint[]): readonly CurvePoint[] {
  const last = curve.at(-1)?.[0] ?? -1;
  return [...curve, ...reports.filter(([step]) => step > last)];
}
