/* A grant that decides something, as a sentence; pure. */
import type { ExplainedGrant } from "@/api/types";
import { dateTime } from "@/lib/format";
import type { Words } from "@/lib/words/words";

export function sentenceOf({ role, project, group, until }: ExplainedGrant, words: Words, projects: ReadonlyMap<string, string>, now: number = Date.now()): string {
  const facts = {
    role: words.find(`role.${role}`) ?? role,
    place: project === null ? words.say("explain.place.studio") : (projects.get(project) ?? project),
    until: until === null ? words.say("explain.for_good") : words.say(Date.parse(until) < now ? "explain.until_was" : "explain.until", { moment: dateTime(until, words.locale) }),
  };
  return group === "" ? words.say("explain.held", facts) : words.say("explain.held_by_group", { ...facts, group });
}
