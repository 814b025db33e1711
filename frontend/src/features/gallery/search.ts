/* The gallery's state that belongs to the address: filters, and the picture that is open. */
export interface GallerySearch {
  readonly model?: string;
  readonly person?: string;
  readonly after?: string;
  readonly before?: string;
  readonly asset?: string;
}

const NAMES = ["model", "person", "after", "before", "asset"] as const;

export function readSearch(search: Readonly<Record<string, unknown>>): GallerySearch {
  return Object.fromEntries(NAMES.flatMap((name) => (typeof search[name] === "string" && search[name] !== "" ? [[name, search[name]]] : [])));
}

export const isFiltered = ({ model, person, after, before }: GallerySearch): boolean => [model, person, after, before].some((value) => value !== undefined);

/** Days as the person means them, in her own time zone: from the start of the first to the end of the last. */
export function filtersFor(search: GallerySearch): { model?: string; person?: string; after?: string; before?: string } {
  const { model, person, after, before } = search;
  return {
    ...(model ? { model } : {}),
    ...(person ? { person } : {}),
    ...(after ? { after: new Date(`${after}T00:00:00`).toISOString() } : {}),
    ...(before ? { before: new Date(`${before}T23:59:59.999`).toISOString() } : {}),
  };
}
