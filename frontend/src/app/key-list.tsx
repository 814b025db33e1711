import { useSession } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Facts } from "@/ui/facts";
import { Keys } from "@/ui/keys";
import { openRooms } from "./rooms";

/** Every shortcut that leads somewhere for this person. */
export function KeyList({ project }: { readonly project: string }) {
  const words = useWords();
  const rooms = openRooms(useSession(), project).flatMap(({ key, word }) => (key === undefined ? [] : [{ name: words.say("keys.go", { room: words.say(word) }), value: <Keys keys={["g", key]} /> }]));
  return (
    <Facts
      facts={[
        ...rooms,
        { name: words.say("keys.generate"), value: <Keys keys={["Ctrl / ⌘", "Enter"]} /> },
        { name: words.say("keys.help"), value: <Keys keys={["?"]} /> },
      ]}
    />
  );
}
