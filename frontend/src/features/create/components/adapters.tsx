import type { Model } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { measure } from "@/lib/format";
import { Button } from "@/ui/button";
import { Slide } from "@/ui/slide";
import { StateMark } from "@/ui/state-mark";
import type { Draft } from "../draft";
import styles from "../create.module.css";

interface Props {
  readonly adapters: readonly Model[];
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}

export function Adapters({ adapters, draft, onChange }: Props) {
  const words = useWords();
  return (
    <fieldset className={styles.group}>
      <legend>{words.say("create.adapters")}</legend>
      {adapters.length === 0 && <p className={styles.faint}>{words.say("create.adapters.empty")}</p>}
      <div className={styles.cards}>
        {adapters.map((model) => (
          <AdapterCard key={model.id} model={model} draft={draft} onChange={onChange} />
        ))}
      </div>
    </fieldset>
  );
}

function AdapterCard({ model, draft, onChange }: { readonly model: Model } & Omit<Props, "adapters">) {
  const words = useWords();
  const weight = draft.weights[model.id];
  const choose = (isChosen: boolean) => {
    const others = Object.entries(draft.weights).filter(([id]) => id !== model.id);
    onChange({ weights: Object.fromEntries(isChosen ? [...others, [model.id, 1]] : others) });
  };
  const lacksTrigger = model.trigger !== "" && !draft.prompt.includes(model.trigger);
  return (
    <div className={styles.card} data-open={weight === undefined ? undefined : ""}>
      <label className={styles.pick}>
        <input type="checkbox" checked={weight !== undefined} onChange={(event) => { choose(event.currentTarget.checked); }} />
        <span>
          <strong translate="no">{model.name}</strong>
          {model.trigger !== "" && (
            <small translate="no" className="mono">
              {model.trigger}
            </small>
          )}
        </span>
        {model.state === "candidate" && <StateMark tone="wait">{words.say("create.adapters.trial")}</StateMark>}
      </label>
      {weight !== undefined && (
        <Slide label={words.say("create.weight", { name: model.name })} value={weight} min={0} max={1.5} step={0.05} shown={measure(weight, words.locale, 3)} onChange={(next) => { onChange({ weights: { ...draft.weights, [model.id]: next } }); }} />
      )}
      {weight !== undefined && lacksTrigger && (
        <Button size="small" tone="plain" icon="plus" onPress={() => { onChange({ prompt: `${model.trigger} ${draft.prompt}`.trim() }); }}>
          {words.say("create.trigger.add", { word: model.trigger })}
        </Button>
      )}
    </div>
  );
}
