import { useEffect, useEffectEvent } from "react";
import { address } from "@/api/client";
import { useWords } from "@/lib/words/context";
import { Icon } from "@/ui/icon";
import { isGone, isUnderWay, useGeneration } from "../queries";
import styles from "../create.module.css";

interface Props {
  readonly project: string;
  readonly made: readonly string[];
  readonly shown: string | undefined;
  readonly onShow: (id: string) => void;
  /** Told of a request that is no longer there. */
  readonly onGone: (id: string) => void;
}

/** What was made in this tab, newest first. */
export function Strip({ project, made, shown, onShow, onGone }: Props) {
  const words = useWords();
  if (made.length === 0) return null;
  return (
    <aside className={styles.strip} aria-label={words.say("create.strip")}>
      {made.map((id) => (
        <Frame key={id} project={project} id={id} isShown={id === shown} onShow={onShow} onGone={onGone} />
      ))}
    </aside>
  );
}

function Frame({ project, id, isShown, onShow, onGone }: Pick<Props, "project" | "onShow" | "onGone"> & { readonly id: string; readonly isShown: boolean }) {
  const words = useWords();
  const { data: generation, error } = useGeneration(project, id);
  const tellGone = useEffectEvent(onGone);
  useEffect(() => {
    if (isGone(error)) tellGone(id);
  }, [error, id]);
  return (
    <button type="button" className={styles.frame} aria-pressed={isShown} aria-label={words.say("create.strip.show", { seed: generation?.seed ?? "…" })} data-state={generation?.state} onClick={() => { onShow(id); }}>
      {generation?.asset ? (
        <img src={address(`/api/v1/projects/${project}/assets/${generation.asset}/thumbnail`)} alt="" />
      ) : error !== null || (generation && !isUnderWay(generation)) ? (
        <Icon name="warn" />
      ) : (
        <span className={styles.pulse} />
      )}
    </button>
  );
}
