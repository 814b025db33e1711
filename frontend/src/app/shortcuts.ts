import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent } from "react";
import { ROOMS } from "./rooms";

const PATIENCE_MS = 1200;

/** Letters belong to whoever types: no shortcut fires from a field or together with a modifier. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

/** `g` and a letter go to a room, `?` shows the list. */
export function useShortcuts({ project, help }: { readonly project: string; readonly help: () => void }): void {
  const navigate = useNavigate();
  const go = useEffectEvent((path: string) => void navigate({ to: `/projects/$project/${path}`, params: { project } }));
  const showHelp = useEffectEvent(help);
  useEffect(() => {
    let since = 0;
    const press = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const room = ROOMS.find(({ key }) => key === event.key);
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
