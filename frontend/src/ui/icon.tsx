/* Drawn on a 20 grid with one stroke, to sit beside our letters. */
const PATHS = {
  create: "M4 16l1-4L14 3l3 3-9 9-4 1zM12 5l3 3",
  gallery: "M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z",
  datasets: "M3 6l7-3 7 3-7 3-7-3zM3 10l7 3 7-3M3 14l7 3 7-3",
  training: "M3 3v14h14M5 6c2 6 4 8 11 8",
  models: "M10 2.5l6.5 3.7v7.6L10 17.5l-6.5-3.7V6.2L10 2.5zM3.5 6.2L10 10l6.5-3.8M10 10v7.5",
  ledger: "M5 3h10v14H5zM8 7h4M8 10h4M8 13h2",
  exit: "M10 3v9M6.5 9L10 12.5 13.5 9M4 14v3h12v-3",
  tokens: "M13 4a3.5 3.5 0 11-2.8 5.6L4 16v1h3v-2h2v-2h1.5",
  settings: "M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 016 0V9",
  unlock: "M5 9h10v8H5zM7 9V6.5a3 3 0 015.8-1",
  dice: "M4 4h12v12H4zM7.2 7.3h.4M12.4 12.7h.4M12.4 7.3h.4M7.2 12.7h.4M9.8 10h.4",
  again: "M16 10a6 6 0 11-2-4.5M16 3v3.5h-3.5",
  close: "M5 5l10 10M15 5L5 15",
  plus: "M10 4v12M4 10h12",
  check: "M4 10.5l4 4 8-9",
  copy: "M7 7h9v9H7zM4 13V4h9",
  sun: "M10 6.5a3.5 3.5 0 110 7 3.5 3.5 0 010-7zM10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.3l1.4 1.4M14.3 14.3l1.4 1.4M4.3 15.7l1.4-1.4M14.3 5.7l1.4-1.4",
  moon: "M16 11.5A6.5 6.5 0 018.5 4a6.5 6.5 0 107.5 7.5z",
  leave: "M8 4H4v12h4M12 6.5l3.5 3.5-3.5 3.5M15 10H8",
  help: "M7.5 7.5a2.5 2.5 0 113.6 2.2c-.8.4-1.1.9-1.1 1.8M10 14.5h.01",
  trash: "M4 6h12M8 6V4h4v2M6 6l.7 11h6.6L14 6",
  stop: "M5 5h10v10H5z",
  play: "M6 4l10 6-10 6z",
  snow: "M10 3v14M4 6.5l12 7M16 6.5l-12 7",
  upload: "M10 13V4M6.5 7.5L10 4l3.5 3.5M4 14v3h12v-3",
  seal: "M10 2.5l2 1.6 2.6-.2.6 2.5 2 1.6-1 2.4.6 2.5-2.4 1-1.2 2.3-2.6-.4-2.4 1-1.5-2.1-2.4-.9.3-2.6-1.3-2.2 1.7-1.9.3-2.6 2.6-.3zM7.5 10l2 2 3.5-4",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  warn: "M10 3l7.5 13.5h-15zM10 8.5v3.5M10 14.3h.01",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
