import { useWords } from "@/lib/words/context";

/** A sentence around a provider's name, which is nobody's to translate. */
export function Named({ word, name }: { readonly word: "entrance.provider" | "entrance.step_up.provider"; readonly name: string }) {
  const words = useWords();
  const [before, after] = words.say(word, { name: "\u0000" }).split("\u0000");
  return (
    <span>
      {before}
      <span translate="no">{name}</span>
      {after}
    </span>
  );
}
