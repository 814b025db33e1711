import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useMay, useSession } from "@/api/session";
import type { Model } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Row } from "@/ui/row";
import { TextArea } from "@/ui/text-area";
import { useToast } from "@/ui/toasts";
import { useDecide } from "../queries";
import { isOwn } from "../own";

/** Four eyes: whoever may decide approves or rejects with a reason; whoever trained it is told to wait for someone else. Before it is measured nobody decides. */
export function Decision({ project, model }: { readonly project: string; readonly model: Model }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const mayEverDecide = useMay("model.decide");
  const person = useSession()?.person.id;
  const [verdict, setVerdict] = useState<"approve" | "reject">();
  const [reason, setReason] = useState("");
  const decide = useDecide(project, model.id);
  if (!model.may_decide) return mayEverDecide && isOwn(model, person) ? <Notice tone="wait">{words.say("registry.own")}</Notice> : null;
  const close = () => { setVerdict(undefined); };
  const send = () => {
    const approve = verdict === "approve";
    decide.mutate({ approve, reason: reason.trim() }, { onSuccess: () => { toast(words.say(approve ? "registry.decided.approved" : "registry.decided.rejected"), "good"); close(); } });
  };
  return (
    <>
      <Button size="small" tone="main" icon="check" onPress={() => { setVerdict("approve"); }}>
        {words.say("registry.approve")}
      </Button>
      <Button size="small" icon="close" onPress={() => { setVerdict("reject"); }}>
        {words.say("registry.reject")}
      </Button>
      <Dialog title={words.say(verdict === "reject" ? "registry.decide.reject" : "registry.decide.approve", { name: model.name })} closeLabel={words.say("say.close")} isOpen={verdict !== undefined} onClose={close}>
        <p>{words.say("registry.decide.text")}</p>
        {decide.error && <Notice tone="bad">{explain(decide.error)}</Notice>}
        <TextArea label={words.say("registry.reason")} value={reason} onChange={setReason} rows={2} />
        <Row>
          <Button tone={verdict === "reject" ? "danger" : "main"} isBusy={decide.isPending} isOff={reason.trim() === ""} onPress={send}>
            {words.say(verdict === "reject" ? "registry.reject" : "registry.approve")}
          </Button>
          <Button onPress={close}>{words.say("say.cancel")}</Button>
        </Row>
      </Dialog>
    </>
  );
}
