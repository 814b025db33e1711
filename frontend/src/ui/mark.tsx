/** The house mark: a seal between crop marks. */
export function Mark({ size = 30 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false" style={{ flex: "none" }}>
      <g fill="none" stroke="var(--viridian)" strokeWidth="2">
        <path d="M3 10V3h7M22 3h7v7M29 22v7h-7M10 29H3v-7" />
      </g>
      <circle cx="16" cy="16" r="6.5" fill="var(--viridian)" />
    </svg>
  );
}
