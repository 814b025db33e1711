import { useWords } from "@/lib/words/context";
import { Copied } from "@/ui/copied";
import { Notice } from "@/ui/notice";

/** A new token's value, this once. */
export function Issued({ token }: { readonly token: string }) {
  const words = useWords();
  return (
    <Notice tone="wait" title={words.say("tokens.issued.text")}>
      <Copied value={token} label={words.say("say.copy", { what: words.say("tokens.value") })} />
    </Notice>
  );
}
