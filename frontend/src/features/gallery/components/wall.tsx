import { address } from "@/api/client";
import type { AssetSummary } from "@/api/types";
import { ago } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import styles from "../gallery.module.css";
import { isTrial } from "../purpose";

interface Props {
  readonly project: string;
  readonly assets: readonly AssetSummary[];
  readonly onOpen: (id: string) => void;
}

export function Wall({ project, assets, onOpen }: Props) {
  const words = useWords();
  return (
    <ul className={styles.wall}>
      {assets.map((asset) => (
        <li key={asset.id}>
          <button type="button" className={styles.tile} aria-label={words.say(isTrial(asset) ? "gallery.open_trial" : "gallery.open", { seed: asset.seed })} onClick={() => { onOpen(asset.id); }}>
            <img loading="lazy" src={address(`/api/v1/projects/${project}/assets/${asset.id}/thumbnail`)} alt={words.say("gallery.thumbnail", { seed: asset.seed })} data-pixel={asset.width <= 256 ? "" : undefined} />
            {isTrial(asset) && <span className={styles.trial}>{words.say("gallery.trial")}</span>}
            <span className={styles.label} translate="no">
              <span className="mono">{`#${String(asset.seed)}`}</span>
              <span>{ago(asset.created, words.locale)}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
