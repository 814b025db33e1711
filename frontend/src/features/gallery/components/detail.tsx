import { useQuery } from "@tanstack/react-query";
import { address } from "@/api/client";
import { useExplain } from "@/api/explain";
import { assetQuery } from "@/api/reads";
import type { Asset } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { CropFrame } from "@/ui/crop-frame";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { SidePanel } from "@/ui/side-panel";
import styles from "../gallery.module.css";
import { isTrial } from "../purpose";
import { AssetFacts } from "./asset-facts";
import { AssetTools } from "./asset-tools";

interface Props {
  readonly project: string;
  readonly id: string | undefined;
  readonly onClose: () => void;
}

export function Detail({ project, id, onClose }: Props) {
  const words = useWords();
  const explain = useExplain();
  const asset = useQuery({ ...assetQuery(project, id ?? ""), enabled: id !== undefined });
  return (
    <SidePanel title={words.say("gallery.detail")} closeLabel={words.say("say.close")} isOpen={id !== undefined} onClose={onClose}>
      <Loaded query={asset} explain={explain}>
        {(found) => <Opened key={found.id} project={project} asset={found} onGone={onClose} />}
      </Loaded>
    </SidePanel>
  );
}

function Opened({ project, asset, onGone }: { readonly project: string; readonly asset: Asset; readonly onGone: () => void }) {
  const words = useWords();
  return (
    <>
      <CropFrame>
        <img className={styles.full} src={address(`/api/v1/projects/${project}/assets/${asset.id}/picture`)} alt={words.say("gallery.full")} data-pixel={asset.width <= 256 ? "" : undefined} />
      </CropFrame>
      <blockquote className={styles.prompt} translate="no">
        {asset.prompt}
        {asset.negative !== "" && <small>{`− ${asset.negative}`}</small>}
      </blockquote>
      {isTrial(asset) && <Notice tone="wait" title={words.say("gallery.trial")}>{words.say("gallery.trial.text")}</Notice>}
      <AssetTools project={project} asset={asset} onGone={onGone} />
      <AssetFacts project={project} asset={asset} />
    </>
  );
}
