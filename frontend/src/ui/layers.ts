import { useId, useLayoutEffect, useSyncExternalStore } from "react";

/** The dialogs and panels that are open, the one that opened last on top. */
let open: readonly string[] = [];
const watchers = new Set<() => void>();
const LOWEST = 200;

function become(next: readonly string[]): void {
  open = next;
  for (const tell of watchers) tell();
}

function subscribe(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

/** Places a dialog over all that opened before it; only the one on top keeps the focus and closes by Escape. */
export function useLayer(isOpen: boolean): { readonly zIndex: number; readonly trapFocus: boolean; readonly closeOnEscape: boolean } {
  const id = useId();
  useLayoutEffect(() => {
    if (!isOpen) return undefined;
    become([...open, id]);
    return () => { become(open.filter((one) => one !== id)); };
  }, [id, isOpen]);
  const layers = useSyncExternalStore(subscribe, () => open);
  const isTop = layers.at(-1) === id;
  return { zIndex: LOWEST + Math.max(layers.indexOf(id), 0), trapFocus: isTop, closeOnEscape: isTop };
}
