import type { Model } from "@/api/types";
import styles from "../registry.module.css";
import { ModelCard } from "./model-card";

interface Props {
  readonly project: string;
  readonly title: string;
  readonly models: readonly Model[];
  /** Every model of the project: a card names the base of its own. */
  readonly all: readonly Model[];
}

export function ModelGroup({ project, title, models, all }: Props) {
  return (
    <section className={styles.group} aria-label={title}>
      <h2>{title}</h2>
      <div className={styles.models}>
        {models.map((model) => (
          <ModelCard key={model.id} project={project} model={model} base={all.find(({ id }) => id === model.base)} />
        ))}
      </div>
    </section>
  );
}
