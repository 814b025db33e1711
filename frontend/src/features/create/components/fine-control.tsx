import type { Model } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Choice } from "@/ui/choice";
import { IconButton } from "@/ui/icon-button";
import { NumberField } from "@/ui/number-field";
import { Slide } from "@/ui/slide";
import { measure } from "@/lib/format";
import { type Draft, LARGEST_SEED, drawSeed, sizesFor } from "../draft";
import styles from "../create.module.css";

interface Props {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly base: Model | undefined;
}

export function FineControl({ draft, onChange, base }: Props) {
  const words = useWords();
  const sizes = [...new Set([...sizesFor(base), ...(draft.size ? [draft.size] : [])])];
  const seedTools = (
    <>
      <IconButton size="small" icon="dice" label={words.say("create.seed.dice")} onPress={() => { onChange({ seed: drawSeed() }); }} />
      <IconButton size="small" icon={draft.isSeedKept ? "lock" : "unlock"} label={words.say(draft.isSeedKept ? "create.seed.unlock" : "create.seed.lock")} isOn={draft.isSeedKept} onPress={() => { onChange({ isSeedKept: !draft.isSeedKept }); }} />
    </>
  );
  return (
    <fieldset className={styles.group}>
      <legend>{words.say("create.more")}</legend>
      <NumberField label={words.say("create.seed")} value={draft.seed} min={0} max={LARGEST_SEED} beside={seedTools} besideWidth={68} onChange={(seed) => { onChange({ seed, isSeedKept: true }); }} />
      <div className={styles.pair}>
        <Choice label={words.say("create.size")} value={String(draft.size)} options={sizes.map((size) => ({ value: String(size), label: words.say("create.size.option", { width: size, height: size }) }))} onChange={(size) => { onChange({ size: Number(size) }); }} />
        <Choice label={words.say("create.count")} value={String(draft.isSeedKept ? 1 : draft.count)} options={[1, 2, 4].map((count) => ({ value: String(count), label: String(count), disabled: draft.isSeedKept && count > 1 }))} onChange={(count) => { onChange({ count: Number(count) }); }} />
      </div>
      <Slide label={words.say("create.steps")} value={draft.steps} min={4} max={50} step={1} shown={String(draft.steps)} onChange={(steps) => { onChange({ steps }); }} />
      <Slide label={words.say("create.guidance")} value={draft.guidance} min={1} max={15} step={0.5} shown={measure(draft.guidance, words.locale, 3)} onChange={(guidance) => { onChange({ guidance }); }} />
    </fieldset>
  );
}
