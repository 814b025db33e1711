import { useState } from "react";

const KEPT = 24;

function readIds(key: string): readonly string[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    return Array.isArray(stored) ? stored.filter((id): id is string => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/** The ids made in this tab, newest first. Ids only: nothing confidential stays in the browser. */
export function useStrip(project: string) {
  const key = `guildhall.made.${project}`;
  const [made, setMade] = useState<readonly string[]>(() => readIds(key));
  const change = (next: (was: readonly string[]) => readonly string[]) => {
    setMade((was) => {
      const now = next(was);
      sessionStorage.setItem(key, JSON.stringify(now));
      return now;
    });
  };
  const remember = (ids: readonly string[]) => {
    change((was) => [...new Set([...ids, ...was])].slice(0, KEPT));
  };
  const forget = (id: string) => {
    change((was) => was.filter((other) => other !== id));
  };
  return { made, remember, forget };
}
