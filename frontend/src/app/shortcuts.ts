import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent } from "react";
import type { ShownRoom } from "./rooms";

const PATIENCE_MS = 1200;

/** Letters belong to whoever types: no shortcut fires from a field or together with a modifier. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

interface Props {
  readonly project: string;
  /** Only rooms that the person may enter. */
  readonly rooms: readonly ShownRoom[];
  readonly help: () => void;
}

/** `g` and a letter go to a room, `?` shows the list. */
export function useShortcuts({ project, rooms, help }: Props): void {
  const navigate = useNavigate();
  const go = useEffectEvent((path: string) => void navigate({ to: `/projects/$project/${path}`, params: { project } }));
  const roomOf = useEffectEvent((letter: string) => rooms.find(({ key }) => key === letter));
  const showHelp = useEffectEvent(help);
  useEffect(() => {
    let since = 0;
    const press = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const room = roomOf(event.key);
      if (event.key === "?") showHelp();
      else if (room && event.timeStamp - since < PATIENCE_MS) go(room.path);
      since = event.key === "g" && since === 0 ? event.timeStamp : 0;
    };
    window.addEventListener("keydown", press);
    return () => {
      window.removeEventListener("keydown", press);
    };
  }, []);
}
