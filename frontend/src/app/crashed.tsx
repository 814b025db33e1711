import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/empty";
import { Page } from "@/ui/page";

export function Crashed() {
  const words = useWords();
  const reload = (
    <Button
      icon="again"
      onPress={() => {
        window.location.reload();
      }}
    >
      {words.say("say.reload")}
    </Button>
  );
  return (
    <Page title="">
      <Empty title={words.say("say.crashed.title")} text={words.say("say.crashed.text")} action={reload} />
    </Page>
  );
}
