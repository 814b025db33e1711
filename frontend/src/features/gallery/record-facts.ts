/* A record is a tree of facts that grows with every engine version: it is shown as it is, flat, in its own words. */
export interface RecordFact {
  readonly name: string;
  readonly value: string;
}

export function flatFacts(record: unknown, name = ""): readonly RecordFact[] {
  if (Array.isArray(record)) {
    if (record.every((item) => typeof item !== "object")) return [{ name, value: record.map(plain).join(", ") }];
    return record.flatMap((item, at) => flatFacts(item, `${name}[${String(at)}]`));
  }
  if (typeof record === "object" && record !== null) {
    return Object.entries(record).flatMap(([key, value]) => flatFacts(value, name === "" ? key : `${name}.${key}`));
  }
  return [{ name, value: plain(record) }];
}

function plain(value: unknown): string {
  return value === null || value === undefined ? "–" : String(value);
}
