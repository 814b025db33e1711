import type { ReactNode } from "react";

interface Props {
  readonly children: ReactNode;
  readonly gap?: 1 | 2 | 3 | 4 | 5;
  readonly isSpread?: boolean;
}

/** Things beside one another that wrap. */
export function Row({ children, gap = 2, isSpread }: Props) {
  return (
    <div style={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: `var(--space-${String(gap)})`, justifyContent: isSpread ? "space-between" : undefined }}>{children}</div>
  );
}

/** Things under one another. */
export function Stack({ children, gap = 4 }: Props) {
  return <div style={{ display: "grid", gap: `var(--space-${String(gap)})`, minWidth: 0 }}>{children}</div>;
}
