import { useWords } from "@/lib/words/context";
import { Empty } from "@/ui/empty";
import { Page } from "@/ui/page";

export function NotFound() {
  const words = useWords();
  return (
    <Page title="">
      <Empty title={words.say("say.not_found.title")} text={words.say("say.not_found.text")} />
    </Page>
  );
}
