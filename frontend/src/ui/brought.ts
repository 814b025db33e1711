/* The files that a drop or a chosen folder brings, each with its path, folders walked to the end. */

export interface Brought {
  readonly file: File;
  /** The path inside what was dropped or chosen: what lies beside what is told by it. */
  readonly path: string;
}

/** What a file input holds; a chosen folder's files know where they lay. */
export function chosenFiles(files: FileList | null): readonly Brought[] {
  return [...(files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name })).filter(({ path }) => !isKeptBySystem(path));
}

/** What was dropped, folders opened. The entries are taken at once: the browser forgets them when the event is over. */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly Brought[]> {
  const entries = [...transfer.items].filter(({ kind }) => kind === "file").map((item) => item.webkitGetAsEntry());
  const loose = [...transfer.files].map((file) => ({ file, path: file.name }));
  if (!entries.some((entry) => entry?.isDirectory)) return loose;
  const walked = await Promise.all(entries.map((entry) => (entry ? walk(entry) : [])));
  return walked.flat().filter(({ path }) => !isKeptBySystem(path)).sort(byPath);
}

/** A folder is read in the disk's order; people count. */
const byPath = (one: Brought, other: Brought): number => one.path.localeCompare(other.path, undefined, { numeric: true });

/** A file or folder that cannot be read comes as an empty file of its name, so that it is refused by name and not lost. */
async function walk(entry: FileSystemEntry): Promise<readonly Brought[]> {
  try {
    if (entry.isFile) return [{ file: await fileOf(entry as FileSystemFileEntry), path: pathOf(entry) }];
    const inside = await childrenOf(entry as FileSystemDirectoryEntry);
    return (await Promise.all(inside.map(walk))).flat();
  } catch {
    return [{ file: new File([], entry.name), path: pathOf(entry) }];
  }
}

const pathOf = (entry: FileSystemEntry): string => entry.fullPath.replace(/^\//, "");
const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => { entry.file(resolve, reject); });

/** A reader gives a folder in parts (Chromium: a hundred at a time) and ends with an empty one. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (part.length === 0) return found;
    found.push(...part);
  }
}

/** What file managers leave in folders: nobody brought it. A file chosen by itself has no folder and is taken as it is. */
const isKeptBySystem = (path: string): boolean => path.includes("/") && /\/(\.[^/]*|Thumbs\.db|desktop\.ini|__MACOSX)(\/|$)/i.test(path);
