/* What a token of one's own can name; pure. */
import type { Permission, Roles, Session } from "@/api/types";

type Line = Roles["permissions"][number];

export interface Offered {
  readonly plain: readonly Line[];
  /** What asks for a second factor in a browser. */
  readonly guarded: readonly Line[];
}

/** No token issues tokens. */
const NEVER: Permission = "token.issue";

/** What one holds in the project, or (without one) anywhere. */
export function offeredIn(session: Session | undefined, project: string, permissions: readonly Line[]): Offered {
  const places = (session?.projects ?? []).filter(({ id }) => project === "" || id === project);
  const held = new Set<Permission>([...(project === "" ? (session?.permissions ?? []) : []), ...places.flatMap((place) => place.permissions)]);
  const offered = permissions.filter(({ permission }) => held.has(permission) && permission !== NEVER);
  return { plain: offered.filter((one) => !one.step_up), guarded: offered.filter((one) => one.step_up) };
}

/** Those chosen that are offered, in the service's order. */
export function scopeOf({ plain, guarded }: Offered, chosen: ReadonlySet<string>): Permission[] {
  return [...plain, ...guarded].map(({ permission }) => permission).filter((one) => chosen.has(one));
}
