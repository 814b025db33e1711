import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Row } from "@/ui/row";
import { useFreeze } from "../queries";

interface Props {
  readonly project: string;
  readonly dataset: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function FreezeDialog({ project, dataset, isOpen, onClose }: Props) {
  const words = useWords();
  const explain = useExplain();
  const freeze = useFreeze(project, dataset);
  return (
    <Dialog title={words.say("datasets.freeze.title")} closeLabel={words.say("say.close")} isOpen={isOpen} onClose={onClose}>
      <p>{words.say("datasets.freeze.text")}</p>
      {freeze.error && <Notice tone="bad">{explain(freeze.error)}</Notice>}
      <Row>
        <Button tone="main" icon="snow" isBusy={freeze.isPending} onPress={() => { freeze.mutate(undefined, { onSuccess: onClose }); }}>
          {words.say("datasets.freeze.go")}
        </Button>
        <Button onPress={onClose}>{words.say("say.cancel")}</Button>
      </Row>
    </Dialog>
  );
}
