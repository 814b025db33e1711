import { useWords } from "@/lib/words/context";
import { Panel } from "@/ui/panel";
import styles from "../exit.module.css";

export function Contents() {
  const words = useWords();
  return (
    <Panel title={words.say("exit.contains")}>
      <ul className={styles.contents}>
        <li>{words.say("exit.contains.adapter")}</li>
        <li>{words.say("exit.contains.card")}</li>
        <li>{words.say("exit.contains.dataset")}</li>
        <li>{words.say("exit.contains.signature")}</li>
        <li>{words.say("exit.contains.ledger")}</li>
      </ul>
    </Panel>
  );
}
