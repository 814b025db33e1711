import { useEffect, useEffectEvent } from "react";
import { address } from "./client";

export type LiveEvent = Readonly<Record<string, unknown>> & { readonly event: string };
const KINDS = ["progress", "preview", "state", "report", "sample", "message"] as const;

/** Read one server-sent event; undefined for what is no JSON object. */
export function readEvent(kind: string, text: string): LiveEvent | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null) return undefined;
    return kind === "message" ? ({ event: "message", ...body } as LiveEvent) : ({ ...body, event: kind } as LiveEvent);
  } catch {
    return undefined;
  }
}

/** Listen to a row's events while `path` is given. The browser itself reconnects; pages poll besides, so a lost event costs seconds. */
export function useLiveEvents(path: string | undefined, tell: (event: LiveEvent) => void): void {
  const told = useEffectEvent(tell);
  useEffect(() => {
    if (path === undefined || typeof EventSource === "undefined") return;
    const source = new EventSource(address(path), { withCredentials: true });
    for (const kind of KINDS) {
      source.addEventListener(kind, (message: MessageEvent<string>) => {
        const event = readEvent(kind, message.data);
        if (event) told(event);
      });
    }
    return () => {
      source.close();
    };
  }, [path]);
}
