import { createContext, use } from "react";
import { type Words, english } from "./words";

export const WordsContext = createContext<Words>(english);

export function useWords(): Words {
  return use(WordsContext);
}
