/* Reasons in people's words: the catalogue's for a code of the service, a sentence that names the code otherwise. */
import { useCallback } from "react";
import { useWords } from "@/lib/words/context";
import type { Words } from "@/lib/words/words";

const known = (words: Words, code: string): string | undefined => words.find(`reason.${code}`) ?? words.find(`problem.${code}`);

/** Why something that was accepted failed for good. */
export function failure(words: Words, code: string): string {
  return known(words, code) ?? words.say("reason.unforeseen", { code });
}

/** Why something was refused or withheld: a code of the service, or a rule that the studio itself wrote. */
export function refusal(words: Words, rule: string): string {
  return known(words, rule) ?? words.say("reason.policy", { code: rule });
}

export function useReasons() {
  const words = useWords();
  return { failure: useCallback((code: string) => failure(words, code), [words]), refusal: useCallback((rule: string) => refusal(words, rule), [words]) };
}
