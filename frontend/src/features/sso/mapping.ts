/* What a provider's group gives: a role at a place, or membership in a group of the studio; pure. */
import type { Group, Mapping, MappingAsk, Roles } from "@/api/types";

type Choices = readonly { readonly value: string; readonly label: string }[];
/** No group of a provider gives these: they are given by hand, one by one. */
const BY_HAND: ReadonlySet<string> = new Set(["owner", "officer", "guest_trainer", "guest_artist"]);

/** What can be given at a place: in a project, or (without one) in the whole studio, where groups are too. */
export function givenAt(roles: Roles | undefined, groups: readonly Group[], project: string, nameGroup: (name: string) => string): Choices {
  const reach = project === "" ? "studio" : "project";
  return [
    ...(roles?.builtin ?? []).filter((one) => one.reach === reach && !BY_HAND.has(one.role)).map(({ role, title }) => ({ value: `role:${role}`, label: title })),
    ...(roles?.own ?? []).filter((one) => one.reach === reach).map(({ id, name }) => ({ value: `custom:${id}`, label: name })),
    ...(project === "" ? groups.filter(({ is_provisioned }) => !is_provisioned).map(({ id, name }) => ({ value: `group:${id}`, label: nameGroup(name) })) : []),
  ];
}

export function mappingAsk(claimed: string, given: string, project: string): MappingAsk {
  const [kind = "", name = ""] = given.split(":");
  return { claimed: claimed.trim(), [kind]: name, ...(kind !== "group" && project !== "" ? { project } : {}) };
}

/** What a mapping gives, as one of the choices above. */
export const givenBy = ({ role, custom, group }: Mapping): string => (group ? `group:${group}` : custom ? `custom:${custom}` : `role:${role ?? ""}`);
