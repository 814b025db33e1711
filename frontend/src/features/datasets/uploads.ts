/* The list of files on their way; pure. Names stay in this tab: they are the person's own words. */
import type { Brought } from "@/ui/brought";

export type UploadState = "waiting" | "sending" | "sealed" | "refused";

export interface Upload {
  readonly key: string;
  readonly name: string;
  readonly state: UploadState;
  readonly part: number;
  readonly why?: string;
  /** The older item that it looks like, if there is one. */
  readonly similarTo?: string;
}

export interface Chosen {
  readonly picture: Brought;
  readonly note: File | undefined;
}

const stem = (path: string): string => path.replace(/\.[^./]+$/, "");
const isNote = ({ path }: Brought): boolean => path.toLowerCase().endsWith(".txt");

/** Pair every picture with the text file of the same name beside it, in the same folder. Files that are neither go on, to be refused by name. */
export function pair(files: readonly Brought[]): readonly Chosen[] {
  const notes = new Map(files.filter(isNote).map(({ path, file }) => [stem(path), file]));
  return files.filter((one) => !isNote(one)).map((picture) => ({ picture, note: notes.get(stem(picture.path)) }));
}

export function counts(uploads: readonly Upload[]): { readonly sealed: number; readonly refused: number; readonly waiting: number } {
  const of = (...states: UploadState[]) => uploads.filter(({ state }) => states.includes(state)).length;
  return { sealed: of("sealed"), refused: of("refused"), waiting: of("waiting", "sending") };
}

export function changed(uploads: readonly Upload[], key: string, part: Partial<Upload>): readonly Upload[] {
  return uploads.map((upload) => (upload.key === key ? { ...upload, ...part } : upload));
}

const PLACES: Readonly<Record<UploadState, number>> = { refused: 0, sending: 2, waiting: 3, sealed: 4 };
const placeOf = ({ state, similarTo }: Upload): number => (similarTo === undefined ? PLACES[state] : 1);

/** What needs the person first, what is done last; among equals as they came. */
export function inOrder(uploads: readonly Upload[]): readonly Upload[] {
  return [...uploads].sort((one, other) => placeOf(one) - placeOf(other));
}
