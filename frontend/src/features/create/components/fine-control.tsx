import type { Model } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Choice } from "@/ui/choice";
import { IconButton } from "@/ui/icon-button";
import { NumberField } from "@/ui/number-field";
import { Slide } from "@/ui/slide";
import { measure } from "@/lib/format";
import { type Draft, LARGEST_SEED, SCHEDULERS, type Scheduler, drawSeed, sizesFor } from "../draft";
import styles from "../create.module.css";

interface Props {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly base: Model | undefined;
}

type Size = Pick<Draft, "width" | "height">;
const sizeOf = ({ width, height }: Size): string => `${String(width)}x${String(height)}`;
const sideBySide = (value: string): Size => {
  const [width = 0, height = 0] = value.split("x").map(Number);
  return { width, height };
};

export function FineControl({ draft, onChange, base }: Props) {
  const words = useWords();
  const own = sizeOf(draft);
  const sizes = [...new Map([...sizesFor(base).map((side) => ({ width: side, height: side })), ...(draft.width ? [draft] : [])].map((size) => [sizeOf(size), size]))];
  const seedTools = (
    <>
      <IconButton size="small" icon="dice" label={words.say("create.seed.dice")} onPress={() => { onChange({ seed: drawSeed(), isSeedKept: true }); }} />
      <IconButton size="small" icon={draft.isSeedKept ? "lock" : "unlock"} label={words.say(draft.isSeedKept ? "create.seed.unlock" : "create.seed.lock")} isOn={draft.isSeedKept} onPress={() => { onChange({ isSeedKept: !draft.isSeedKept }); }} />
    </>
  );
  return (
    <fieldset className={styles.group}>
      <legend>{words.say("create.more")}</legend>
      <NumberField label={words.say("create.seed")} value={draft.isSeedKept ? draft.seed : undefined} placeholder={words.say("create.seed.drawn")} min={0} max={LARGEST_SEED} beside={seedTools} besideWidth={68} onChange={(seed) => { onChange({ seed, isSeedKept: true }); }} onEmpty={() => { onChange({ isSeedKept: false }); }} />
      <div className={styles.pair}>
        <Choice label={words.say("create.size")} value={own} options={sizes.map(([value, { width, height }]) => ({ value, label: words.say("create.size.option", { width, height }) }))} onChange={(value) => { onChange(sideBySide(value)); }} />
        <Choice label={words.say("create.count")} value={String(draft.isSeedKept ? 1 : draft.count)} options={[1, 2, 4].map((count) => ({ value: String(count), label: String(count), disabled: draft.isSeedKept && count > 1 }))} onChange={(count) => { onChange({ count: Number(count) }); }} />
      </div>
      <Choice label={words.say("create.scheduler")} value={draft.scheduler} options={SCHEDULERS.map((name) => ({ value: name, label: name === "default" ? words.say("create.scheduler.default") : name }))} onChange={(scheduler) => { onChange({ scheduler: scheduler as Scheduler }); }} />
      <Slide label={words.say("create.steps")} value={draft.steps} min={4} max={50} step={1} shown={String(draft.steps)} onChange={(steps) => { onChange({ steps }); }} />
      <Slide label={words.say("create.guidance")} value={draft.guidance} min={1} max={15} step={0.5} shown={measure(draft.guidance, words.locale, 3)} onChange={(guidance) => { onChange({ guidance }); }} />
    </fieldset>
  );
}
