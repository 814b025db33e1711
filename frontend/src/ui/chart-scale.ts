/* Where points of a curve lie on paper; pure. */
export type Point = readonly [step: number, value: number];

export interface Scale {
  readonly x: (step: number) => number;
  readonly y: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Round numbers that span the values, at most five. */
export function ticksBetween(low: number, high: number): readonly number[] {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step) * step;
  const count = Math.max(2, Math.ceil((high - first) / step) + 1);
  return Array.from({ length: count }, (_, at) => Number((first + at * step).toPrecision(12)));
}

export function scaleFor(points: readonly Point[], steps: number, { width, height, left, bottom, top }: { width: number; height: number; left: number; bottom: number; top: number }): Scale {
  const values = points.map(([, value]) => value);
  const ticks = ticksBetween(Math.min(...values), Math.max(...values));
  const low = ticks[0] ?? 0;
  const high = ticks.at(-1) ?? 1;
  const last = Math.max(steps, points.at(-1)?.[0] ?? 1, 1);
  return {
    ticks,
    x: (step) => left + (step / last) * (width - left - 8),
    y: (value) => top + (1 - (value - low) / (high - low || 1)) * (height - top - bottom),
  };
}

/** The curve without its noise: an exponential mean, corrected for its start. */
export function smoothed(points: readonly Point[], keep = 0.85): readonly Point[] {
  let mean = 0;
  let weight = 0;
  return points.map(([step, value]) => {
    mean = keep * mean + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    return [step, mean / weight] as const;
  });
}

export function pathThrough(points: readonly Point[], { x, y }: Scale): string {
  return points.map(([step, value], at) => `${at === 0 ? "M" : "L"}${x(step).toFixed(1)} ${y(value).toFixed(1)}`).join("");
}
