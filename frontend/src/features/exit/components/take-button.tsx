import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { Row } from "@/ui/row";
import { useTake } from "../queries";

/** Takes a bundle by a link that lives for a minute, so that the browser streams it to disk. */
export function TakeButton({ project, exit }: { readonly project: string; readonly exit: string }) {
  const words = useWords();
  const explain = useExplain();
  const take = useTake(project);
  return (
    <>
      {take.error && <Notice tone="bad">{explain(take.error)}</Notice>}
      <Row>
        <Button tone="main" icon="exit" isBusy={take.isPending} onPress={() => { take.mutate(exit); }}>
          {words.say("exit.download")}
        </Button>
      </Row>
    </>
  );
}
