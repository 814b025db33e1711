/* A grant as it is filled in, and what is asked of the service; pure. */
import type { Roles } from "@/api/types";

export interface Draft {
  /** `person:<id>` or `group:<id>`. */
  readonly holder: string;
  readonly project: string;
  /** A built-in role's name, or `own:<id>`. */
  readonly role: string;
  /** A day as `YYYY-MM-DD`; empty is for good. */
  readonly until: string;
}

export const EMPTY: Draft = { holder: "", project: "", role: "", until: "" };
export const isWhole = ({ holder, role }: Draft): boolean => holder !== "" && role !== "";

/** The roles that can be held at a place: in a project, or (without one) in the whole studio; on the platform, its own. */
export function rolesAt(roles: Roles | undefined, project: string, isPlatform = false): readonly { readonly value: string; readonly label: string }[] {
  const reach = project !== "" ? "project" : isPlatform ? "platform" : "studio";
  const builtin = (roles?.builtin ?? []).filter((role) => role.reach === reach).map(({ role, title }) => ({ value: role, label: title }));
  return [...builtin, ...(roles?.own ?? []).filter((role) => role.reach === reach).map(({ id, name }) => ({ value: `own:${id}`, label: name }))];
}

/** What is asked of the service; a day counts to its end, where the person is. */
export function askOf({ holder, project, role, until }: Draft): Readonly<Record<string, string | null>> {
  const [kind = "", id = ""] = holder.split(":");
  return {
    [kind]: id,
    ...(role.startsWith("own:") ? { custom: role.slice(4) } : { role }),
    project: project === "" ? null : project,
    expires: until === "" ? null : new Date(`${until}T23:59:59`).toISOString(),
  };
}
