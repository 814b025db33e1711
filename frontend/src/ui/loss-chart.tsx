import { useState } from "react";
import { type Point, pathThrough, scaleFor, smoothed } from "./chart-scale";
import styles from "./loss-chart.module.css";

interface Props {
  readonly label: string;
  readonly points: readonly Point[];
  readonly steps: number;
  readonly format: (value: number) => string;
  readonly emptyText: string;
}

const BOX = { width: 640, height: 220, left: 52, bottom: 24, top: 12 };

/** The loss over the steps: every report as a faint line, the trend as a strong one. */
export function LossChart({ label, points, steps, format, emptyText }: Props) {
  const [near, setNear] = useState<Point>();
  if (points.length < 2) return <div className={styles.empty}>{emptyText}</div>;
  const scale = scaleFor(points, steps, BOX);
  const trend = smoothed(points);
  const point = (clientX: number, box: DOMRect) => {
    const at = ((clientX - box.left) / box.width) * BOX.width;
    setNear(trend.reduce((best, other) => (Math.abs(scale.x(other[0]) - at) < Math.abs(scale.x(best[0]) - at) ? other : best)));
  };
  const last = near ?? trend.at(-1) ?? [0, 0];
  return (
    <svg
      className={styles.chart}
      viewBox={`0 0 ${String(BOX.width)} ${String(BOX.height)}`}
      role="img"
      aria-label={label}
      onPointerMove={(event) => {
        point(event.clientX, event.currentTarget.getBoundingClientRect());
      }}
      onPointerLeave={() => {
        setNear(undefined);
      }}
    >
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line className={styles.grid} x1={BOX.left} x2={BOX.width - 8} y1={scale.y(tick)} y2={scale.y(tick)} />
          <text className={styles.tick} x={BOX.left - 8} y={scale.y(tick) + 3.5} textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
      {[0, 0.5, 1].map((share) => (
        <text key={share} className={styles.tick} x={scale.x(share * steps)} y={BOX.height - 6} textAnchor={share === 0 ? "start" : share === 1 ? "end" : "middle"}>
          {Math.round(share * steps)}
        </text>
      ))}
      <path className={styles.raw} d={pathThrough(points, scale)} />
      <path className={styles.trend} d={pathThrough(trend, scale)} />
      <circle className={styles.dot} cx={scale.x(last[0])} cy={scale.y(last[1])} r="3.5" />
      <text className={styles.value} x={Math.min(scale.x(last[0]), BOX.width - 8)} y={Math.max(scale.y(last[1]) - 10, 12)} textAnchor={scale.x(last[0]) > BOX.width - 40 ? "end" : "middle"}>
        {format(last[1])}
      </text>
    </svg>
  );
}
