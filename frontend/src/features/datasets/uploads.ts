/* The list of files on their way; pure. Names stay in this tab: they are the person's own words. */
export type UploadState = "waiting" | "sending" | "sealed" | "refused";

export interface Upload {
  readonly key: string;
  readonly name: string;
  readonly state: UploadState;
  readonly part: number;
  readonly why?: string;
}

export interface Chosen {
  readonly picture: File;
  readonly note: File | undefined;
}

const stem = (name: string): string => name.replace(/\.[^.]+$/, "");
const isNote = (file: File): boolean => file.name.toLowerCase().endsWith(".txt");

/** Pair every picture with the text file of the same name beside it. Files that are neither go on, to be refused by name. */
export function pair(files: readonly File[]): readonly Chosen[] {
  const notes = new Map(files.filter(isNote).map((file) => [stem(file.name), file]));
  return files.filter((file) => !isNote(file)).map((picture) => ({ picture, note: notes.get(stem(picture.name)) }));
}

export function counts(uploads: readonly Upload[]): { readonly sealed: number; readonly refused: number; readonly waiting: number } {
  const of = (...states: UploadState[]) => uploads.filter(({ state }) => states.includes(state)).length;
  return { sealed: of("sealed"), refused: of("refused"), waiting: of("waiting", "sending") };
}

export function changed(uploads: readonly Upload[], key: string, part: Partial<Upload>): readonly Upload[] {
  return uploads.map((upload) => (upload.key === key ? { ...upload, ...part } : upload));
}
