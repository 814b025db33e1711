import { useWords } from "@/lib/words/context";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Row } from "./row";

interface Props {
  readonly title: string;
  readonly text: string;
  readonly go: string;
  readonly isBusy: boolean;
  readonly onGo: () => void;
  readonly onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ title, text, go, isBusy, onGo, onClose }: Props) {
  const words = useWords();
  return (
    <Dialog title={title} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <p>{text}</p>
      <Row>
        <Button tone="danger" isBusy={isBusy} onPress={onGo}>
          {go}
        </Button>
        <Button onPress={onClose}>{words.say("say.cancel")}</Button>
      </Row>
    </Dialog>
  );
}
