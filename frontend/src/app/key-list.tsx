import { useWords } from "@/lib/words/context";
import { Facts } from "@/ui/facts";
import { Keys } from "@/ui/keys";

export function KeyList() {
  const words = useWords();
  return (
    <Facts
      facts={[
        { name: words.say("keys.go_create"), value: <Keys keys={["g", "c"]} /> },
        { name: words.say("keys.go_gallery"), value: <Keys keys={["g", "g"]} /> },
        { name: words.say("keys.go_datasets"), value: <Keys keys={["g", "d"]} /> },
        { name: words.say("keys.go_training"), value: <Keys keys={["g", "t"]} /> },
        { name: words.say("keys.go_ledger"), value: <Keys keys={["g", "l"]} /> },
        { name: words.say("keys.generate"), value: <Keys keys={["Ctrl / ⌘", "Enter"]} /> },
        { name: words.say("keys.help"), value: <Keys keys={["?"]} /> },
      ]}
    />
  );
}
