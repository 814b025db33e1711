import type { Permission, Session } from "@/api/types";
import type { Word } from "@/lib/words/words";

interface Setting {
  readonly path: string;
  readonly word: Word & `settings.${string}`;
  /** Any of these opens it; the service decides all the same. */
  readonly needs: readonly Permission[];
}

/** The studio's own rooms, in their order. */
export const SETTINGS = [
  { path: "people", word: "settings.people", needs: ["member.read"] },
  { path: "groups", word: "settings.groups", needs: ["member.read"] },
  { path: "roles", word: "settings.roles", needs: ["member.read", "role.define"] },
  { path: "grants", word: "settings.grants", needs: ["member.read"] },
  { path: "limits", word: "settings.limits", needs: ["project.configure"] },
  { path: "reviews", word: "settings.reviews", needs: ["access.review"] },
  { path: "security", word: "settings.security", needs: ["security.configure"] },
  { path: "service-accounts", word: "settings.services", needs: ["service.manage"] },
  { path: "tokens", word: "settings.tokens", needs: ["token.revoke_any"] },
  { path: "single-sign-on", word: "settings.sso", needs: ["identity.configure"] },
  { path: "provisioning", word: "settings.provisioning", needs: ["identity.configure"] },
  { path: "support", word: "settings.support", needs: ["support.admit"] },
  { path: "studios", word: "settings.studios", needs: ["studio.manage"] },
  { path: "health", word: "settings.health", needs: ["health.read"] },
  { path: "enter", word: "settings.enter", needs: ["studio.enter"] },
] as const satisfies readonly Setting[];

/** The rooms of the platform's own people, in the tenant that is the platform's. */
const OF_THE_PLATFORM: readonly Permission[] = ["studio.manage", "studio.enter", "health.read"];

/** Where one of the platform's own people begins; nobody else has a place there. */
export function platformRoom(session: Session | undefined): string | undefined {
  const held = new Set<Permission>(session?.permissions ?? []);
  return SETTINGS.find(({ needs }) => needs.some((one) => OF_THE_PLATFORM.includes(one) && held.has(one)))?.path;
}

/** The settings that a person may open. */
export function openSettings(session: Session | undefined): readonly (typeof SETTINGS)[number][] {
  const held = new Set<Permission>(session?.permissions ?? []);
  return SETTINGS.filter(({ needs }) => needs.some((one) => held.has(one)));
}
