import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { readCheckpoint } from "@/lib/note";
import { Button } from "@/ui/button";
import { Copied } from "@/ui/copied";
import { Icon } from "@/ui/icon";
import { Loaded } from "@/ui/loaded";
import styles from "../oversight.module.css";
import { isNotYet, useCheckpoint } from "../queries";
import { saveText } from "@/lib/save-text";

/** The head of the log, as a seal: how many entries, under which root. */
export function CheckpointPanel() {
  const words = useWords();
  const explain = useExplain();
  const checkpoint = useCheckpoint();
  if (!checkpoint.data && isNotYet(checkpoint.error)) return <p className={styles.faint}>{words.say("ledger.checkpoint.none")}</p>;
  return (
    <Loaded query={checkpoint} explain={explain} lines={1} height={88}>
      {(data) => <Seal data={data} />}
    </Loaded>
  );
}

function Seal({ data }: { readonly data: NonNullable<ReturnType<typeof useCheckpoint>["data"]> }) {
  const words = useWords();
  const { origin } = readCheckpoint(data.text);
  return (
    <section className={styles.seal} aria-label={words.say("ledger.checkpoint")}>
      <Icon name="seal" size={40} />
      <div>
        <strong>{words.count("ledger.checkpoint.size", data.size)}</strong>
        <small>{words.say("ledger.checkpoint")}</small>
      </div>
      <dl>
        <dt>{words.say("ledger.checkpoint.root")}</dt>
        <dd>
          <Copied value={data.root} label={words.say("say.copy", { what: words.say("ledger.checkpoint.root") })} />
        </dd>
        <dt>{words.say("ledger.checkpoint.origin")}</dt>
        <dd className="mono" translate="no">
          {origin}
        </dd>
      </dl>
      <Button size="small" icon="exit" onPress={() => { saveText(data.text, "checkpoint.txt"); }}>
        {words.say("ledger.checkpoint.download")}
      </Button>
    </section>
  );
}
