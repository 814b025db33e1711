import { useWords } from "@/lib/words/context";

/** Names the room in the browser's tab. Never a name that people gave: the browser keeps titles in its history. */
export function PageTitle({ room }: { readonly room: string }) {
  const words = useWords();
  return <title>{words.say("say.page_title", { room })}</title>;
}
