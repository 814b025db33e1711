import type { ReactNode } from "react";
import { useState } from "react";
import type { Model } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { TextArea } from "@/ui/text-area";
import { type Draft, usableAdapters, usableBases } from "../draft";
import styles from "../create.module.css";
import { Adapters } from "./adapters";
import { Bases } from "./bases";
import { FineControl } from "./fine-control";

interface Props {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly models: readonly Model[];
  readonly mayTry: boolean;
  readonly isReady: boolean;
  readonly isBusy: boolean;
  readonly onGenerate: () => void;
  /** What stands under the button: how much of today is used. */
  readonly limit: ReactNode;
  readonly children: ReactNode;
}

export function Controls({ draft, onChange, models, mayTry, isReady, isBusy, onGenerate, limit, children }: Props) {
  const words = useWords();
  const [isNegativeShown, setIsNegativeShown] = useState(false);
  const bases = usableBases(models);
  const change = (part: Partial<Draft>) => {
    onChange({ ...draft, ...part });
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onGenerate();
      }}
    >
      <div className={styles.scroll}>
        {children}
        <TextArea label={words.say("create.prompt")} value={draft.prompt} rows={4} placeholder={words.say("create.prompt.placeholder")} onChange={(prompt) => { change({ prompt }); }} />
        {isNegativeShown || draft.negative !== "" ? (
          <TextArea label={words.say("create.negative")} value={draft.negative} rows={2} placeholder={words.say("create.negative.placeholder")} onChange={(negative) => { change({ negative }); }} />
        ) : (
          <div>
            <Button tone="plain" size="small" icon="plus" onPress={() => { setIsNegativeShown(true); }}>
              {words.say("create.negative.show")}
            </Button>
          </div>
        )}
        {bases.length === 0 ? <Notice tone="wait">{words.say("create.no_base")}</Notice> : <Bases bases={bases} draft={draft} onChange={change} />}
        <Adapters adapters={usableAdapters(models, { base: draft.base, mayTry })} draft={draft} onChange={change} />
        <FineControl draft={draft} onChange={change} base={bases.find(({ id }) => id === draft.base)} />
      </div>
      <div className={styles.go}>
        <Button tone="main" size="large" type="submit" wide isOff={!isReady} isBusy={isBusy} keys="Control+Enter">
          {words.say("create.go")}
        </Button>
        {limit}
      </div>
    </form>
  );
}
