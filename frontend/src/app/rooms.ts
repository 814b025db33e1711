import type { Permission, Session } from "@/api/types";
import type { Word } from "@/lib/words/words";
import type { IconName } from "@/ui/icon";

export interface Room {
  readonly path: string;
  readonly word: Word & `nav.${string}`;
  readonly icon: IconName;
  /** The letter after g. */
  readonly key?: string;
  readonly startsGroup?: boolean;
  /** Who lacks it is not shown the way in; the service decides all the same. */
  readonly needs: Permission;
}

type PlainNav = "nav.create" | "nav.gallery" | "nav.datasets" | "nav.training" | "nav.models" | "nav.ledger" | "nav.withheld" | "nav.exit" | "nav.tokens" | "nav.reviews";
export type ShownRoom = Room & { readonly word: PlainNav };
export const ROOMS: readonly ShownRoom[] = [
  { path: "create", word: "nav.create", icon: "create", key: "c", needs: "generation.create" },
  { path: "gallery", word: "nav.gallery", icon: "gallery", key: "g", needs: "asset.read" },
  { path: "datasets", word: "nav.datasets", icon: "datasets", key: "d", needs: "dataset.read", startsGroup: true },
  { path: "training", word: "nav.training", icon: "training", key: "t", needs: "dataset.read" },
  { path: "models", word: "nav.models", icon: "models", key: "m", needs: "model.read" },
  { path: "ledger", word: "nav.ledger", icon: "ledger", key: "l", needs: "ledger.read", startsGroup: true },
  { path: "withheld", word: "nav.withheld", icon: "lock", key: "r", needs: "withheld.review" },
  { path: "exit", word: "nav.exit", icon: "exit", key: "x", needs: "export.request" },
  { path: "reviews", word: "nav.reviews", icon: "seal", needs: "access.review" },
  { path: "tokens", word: "nav.tokens", icon: "tokens", needs: "token.issue" },
];

/** The rooms that a person may enter in a project, in the order of the rail. */
export function openRooms(session: Session | undefined, project: string): readonly ShownRoom[] {
  const here = session?.projects.find(({ id }) => id === project)?.permissions ?? [];
  const held = new Set<Permission>([...(session?.permissions ?? []), ...here]);
  return ROOMS.filter(({ needs }) => held.has(needs));
}

/** The first of them: an artist creates, an officer looks, an owner sees the datasets. */
export function firstRoom(session: Session, project: string): string {
  return (openRooms(session, project)[0] ?? { path: "tokens" }).path;
}
