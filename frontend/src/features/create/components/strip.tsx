import { address } from "@/api/client";
import { useWords } from "@/lib/words/context";
import { Icon } from "@/ui/icon";
import { isUnderWay, useGeneration } from "../queries";
import styles from "../create.module.css";

interface Props {
  readonly project: string;
  readonly made: readonly string[];
  readonly shown: string | undefined;
  readonly onShow: (id: string) => void;
}

/** What was made in this tab, newest first. */
export function Strip({ project, made, shown, onShow }: Props) {
  const words = useWords();
  if (made.length === 0) return null;
  return (
    <aside className={styles.strip} aria-label={words.say("create.strip")}>
      {made.map((id) => (
        <Frame key={id} project={project} id={id} isShown={id === shown} onShow={onShow} />
      ))}
    </aside>
  );
}

function Frame({ project, id, isShown, onShow }: { readonly project: string; readonly id: string; readonly isShown: boolean; readonly onShow: (id: string) => void }) {
  const words = useWords();
  const { data: generation, error } = useGeneration(project, id);
  if (error) return null;
  return (
    <button type="button" className={styles.frame} aria-pressed={isShown} aria-label={words.say("create.strip.show", { seed: generation?.seed ?? "…" })} data-state={generation?.state} onClick={() => { onShow(id); }}>
      {generation?.asset ? (
        <img src={address(`/api/v1/projects/${project}/assets/${generation.asset}/thumbnail`)} alt="" />
      ) : generation && !isUnderWay(generation) ? (
        <Icon name="warn" />
      ) : (
        <span className={styles.pulse} />
      )}
    </button>
  );
}
