import type { Words } from "@/lib/words/words";

/** Why a sign-in by a provider let nobody in, in words, out of the code that came back in the address. */
export function refused(words: Words, code: unknown): string | undefined {
  if (typeof code !== "string" || !/^[a-z][a-z0-9_.]{0,60}$/.test(code)) return undefined;
  return words.find(`problem.${code}`, { code }) ?? words.say("problem.sso.refused", { code });
}
