import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useMay } from "@/api/session";
import type { TrainingRun } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Row } from "@/ui/row";
import { useToast } from "@/ui/toasts";
import { useRunVerb } from "../queries";
import { isGoing, mayResume } from "../run-state";

export function RunTools({ project, run }: { readonly project: string; readonly run: TrainingRun }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const [mayCancel, mayStart] = [useMay("training.cancel"), useMay("training.start")];
  const [isAsking, setIsAsking] = useState(false);
  const cancel = useRunVerb(project, run.id, "cancel");
  const resume = useRunVerb(project, run.id, "resume");
  const failed = (error: Error) => { toast(explain(error), "bad"); };
  const close = () => { setIsAsking(false); };
  return (
    <>
      {isGoing(run) && mayCancel && (
        <Button icon="stop" onPress={() => { setIsAsking(true); }}>
          {words.say("training.cancel")}
        </Button>
      )}
      {mayResume(run) && mayStart && (
        <Button tone="main" icon="play" isBusy={resume.isPending} onPress={() => { resume.mutate(undefined, { onError: failed }); }}>
          {words.say("training.resume")}
        </Button>
      )}
      <Dialog title={words.say("training.cancel.title")} closeLabel={words.say("say.close")} isOpen={isAsking} onClose={close}>
        <p>{words.say("training.cancel.text")}</p>
        <Row>
          <Button tone="danger" isBusy={cancel.isPending} onPress={() => { cancel.mutate(undefined, { onSuccess: close, onError: failed }); }}>
            {words.say("training.cancel.go")}
          </Button>
          <Button onPress={close}>{words.say("say.close")}</Button>
        </Row>
      </Dialog>
    </>
  );
}
