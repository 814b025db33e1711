import { useWords } from "@/lib/words/context";
import { NumberField } from "@/ui/number-field";
import type { StartForm } from "../config";
import styles from "../training.module.css";

export function FineConfig({ form, onChange }: { readonly form: StartForm; readonly onChange: (part: Partial<StartForm>) => void }) {
  const words = useWords();
  return (
    <div className={styles.fine}>
      <NumberField label={words.say("training.steps")} value={form.steps} min={1} max={20_000} step={50} onChange={(steps) => { onChange({ steps }); }} />
      <NumberField label={words.say("training.sample_every")} value={form.sampleEvery} min={1} max={20_000} step={25} onChange={(sampleEvery) => { onChange({ sampleEvery }); }} />
      <NumberField label={words.say("training.rank")} value={form.rank} min={1} max={128} step={4} onChange={(rank) => { onChange({ rank }); }} />
      <NumberField label={words.say("training.batch")} value={form.batch} min={1} max={32} onChange={(batch) => { onChange({ batch }); }} />
      <NumberField label={words.say("training.rate")} value={form.rate} min={0.000001} max={0.1} step={0.0001} decimals={6} onChange={(rate) => { onChange({ rate }); }} />
      <NumberField label={words.say("training.gamma")} hint={words.say("training.gamma.hint")} value={form.gamma} min={0} max={100} step={0.5} decimals={2} onChange={(gamma) => { onChange({ gamma }); }} />
      <NumberField label={words.say("training.seed")} value={form.seed} min={0} onChange={(seed) => { onChange({ seed }); }} />
    </div>
  );
}
