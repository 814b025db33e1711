import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Row } from "@/ui/row";
import { offlineProof } from "../check-proof";
import styles from "../oversight.module.css";
import { type Checked, isNotYet, useProof } from "../queries";
import { saveText } from "@/lib/save-text";
import { Checks } from "./checks";
import { WayUp } from "./way-up";

const TONES = { ok: "good", unsigned: "wait", bad: "bad" } as const;

export function ProofDialog({ entry, onClose }: { readonly entry: string; readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const proof = useProof(entry);
  const canCheck = "subtle" in crypto;
  const isWaiting = canCheck && !proof.data && !proof.error;
  return (
    <Dialog size="large" title={words.say("proof.title", { index: proof.data?.proof.index ?? "…" })} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      {!canCheck && <Notice tone="wait">{words.say("proof.unavailable")}</Notice>}
      {isWaiting && <Notice tone="news">{words.say(isNotYet(proof.failureReason) ? "proof.not_yet" : "proof.working")}</Notice>}
      {proof.error && <Notice tone={isNotYet(proof.error) ? "wait" : "bad"}>{isNotYet(proof.error) ? words.say("proof.not_yet") : explain(proof.error)}</Notice>}
      {proof.data && <Judged checked={proof.data} />}
    </Dialog>
  );
}

function Judged({ checked: { proof, judgement } }: { readonly checked: Checked }) {
  const words = useWords();
  const { verdict } = judgement;
  return (
    <>
      <Notice tone={TONES[verdict]} title={words.say(`proof.${verdict}`)}>
        {words.say(`proof.${verdict}.text`)}
      </Notice>
      <Checks judgement={judgement} />
      <WayUp judgement={judgement} />
      <details className={styles.raw}>
        <summary>{words.say("proof.leaf")}</summary>
        <pre translate="no">{judgement.text}</pre>
      </details>
      <details className={styles.raw}>
        <summary>{words.say("proof.checkpoint")}</summary>
        <pre translate="no">{proof.checkpoint}</pre>
      </details>
      <Row>
        <Button icon="exit" onPress={() => { saveText(offlineProof(proof), `entry-${String(proof.index)}.tlog-proof`); }}>
          {words.say("proof.save")}
        </Button>
      </Row>
    </>
  );
}
