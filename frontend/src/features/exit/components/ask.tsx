import { useState } from "react";
import type { Model } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import styles from "../exit.module.css";

interface Props {
  readonly models: readonly Model[];
  /** The model that the address asks for. */
  readonly wanted: string | undefined;
  readonly isBusy: boolean;
  readonly onAsk: (model: string) => void;
}

/** Chooses an approved model that was trained here, and asks for its bundle. */
export function Ask({ models, wanted, isBusy, onAsk }: Props) {
  const words = useWords();
  const [chosen, setChosen] = useState(wanted ?? "");
  const own = models.filter(({ kind, state }) => kind !== "base" && state === "approved");
  const model = own.find(({ id }) => id === chosen) ?? own[0];
  if (model === undefined) return <p>{words.say("exit.no_models")}</p>;
  return (
    <div className={styles.ask}>
      <Choice label={words.say("exit.model")} value={model.id} options={own.map(({ id, name }) => ({ value: id, label: name }))} onChange={setChosen} />
      <Button tone="main" icon="exit" isBusy={isBusy} onPress={() => { onAsk(model.id); }}>
        {words.say("exit.ask")}
      </Button>
    </div>
  );
}
