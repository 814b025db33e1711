/* Problems in people's words: the catalogue's for a known code, the service's own sentence otherwise. */
import { useCallback } from "react";
import { useWords } from "@/lib/words/context";
import type { Words } from "@/lib/words/words";
import { ApiError } from "./client";

export function explain(words: Words, error: unknown): string {
  if (!(error instanceof ApiError)) return words.say("problem.unknown", { code: error instanceof Error ? error.name : "?" });
  const { code, detail, facts } = error.problem;
  const fields = Object.keys((facts["fields"] ?? {}) as object);
  if (code === "invalid_input" && fields.length > 0) return words.say("problem.invalid_fields", { fields: fields.map((name) => name.replaceAll("_", " ")).join(", ") });
  return words.find(`problem.${code}`, facts) ?? words.find(`reason.${code}`, facts) ?? (detail || words.say("problem.unknown", { code }));
}

export function useExplain(): (error: unknown) => string {
  const words = useWords();
  return useCallback((error: unknown) => explain(words, error), [words]);
}
