import { address } from "@/api/client";
import { useExplain } from "@/api/explain";
import type { Generation } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { CropFrame } from "@/ui/crop-frame";
import { LinkButton } from "@/ui/link-button";
import { Loaded } from "@/ui/loaded";
import { Meter } from "@/ui/meter";
import { Notice } from "@/ui/notice";
import { Row } from "@/ui/row";
import { type Live, isUnderWay, useLiveGeneration, useStop } from "../queries";
import styles from "../create.module.css";
import { Refusal } from "./refusal";

interface Props {
  readonly project: string;
  readonly id: string;
  readonly onAgain: (generation: Generation, isSameSeed: boolean) => void;
}

export function Result({ project, id, onAgain }: Props) {
  const explain = useExplain();
  const { row, live } = useLiveGeneration(project, id);
  return (
    <div className={styles.result}>
      <Loaded query={row} explain={explain} lines={1} height={320}>
        {(generation) => <Made project={project} generation={generation} live={live} onAgain={onAgain} />}
      </Loaded>
    </div>
  );
}

function Made({ project, generation, live, onAgain }: Omit<Props, "id"> & { readonly generation: Generation; readonly live: Live }) {
  const words = useWords();
  const explain = useExplain();
  const stop = useStop(project);
  const isMoving = isUnderWay(generation);
  const isMissing = !isMoving && generation.asset === null;
  const steps = live.steps || generation.steps;
  return (
    <>
      <CropFrame tone={isMoving ? "moving" : isMissing ? "bad" : "still"}>
        {generation.asset !== null ? (
          <img className={styles.picture} src={address(`/api/v1/projects/${project}/assets/${generation.asset}/picture`)} alt={words.say("create.picture", { prompt: generation.prompt })} data-pixel={generation.width <= 256 ? "" : undefined} />
        ) : isMoving && live.preview ? (
          <img className={styles.picture} src={address(live.preview)} alt={words.say("create.preview", { step: live.step })} data-pixel="" data-preview="" />
        ) : isMoving ? (
          <div className={styles.blank} role="status">
            {live.step === 0 && words.say("create.waiting")}
          </div>
        ) : (
          <Refusal generation={generation} />
        )}
      </CropFrame>
      {isMoving && (
        <div className={styles.progress}>
          <Meter label={words.say("create.progress.label")} part={live.step / Math.max(1, steps)} />
          <Row isSpread>
            <span className="mono">{words.say("create.progress", { step: live.step, steps })}</span>
            <Button size="small" icon="stop" isBusy={stop.isPending} onPress={() => { stop.mutate(generation.id); }}>
              {words.say("create.stop")}
            </Button>
          </Row>
          {stop.error && <Notice tone="bad">{explain(stop.error)}</Notice>}
        </div>
      )}
      <p className="only-for-readers" role="status">
        {!isMoving && generation.asset !== null && words.say("create.ready")}
      </p>
      <p className={styles.caption} translate="no">
        {generation.prompt} <span className="mono">{`#${String(generation.seed)}`}</span>
      </p>
      {generation.asset !== null && (
        <Row>
          <Button icon="lock" onPress={() => { onAgain(generation, true); }}>
            {words.say("create.again")}
          </Button>
          <Button icon="dice" onPress={() => { onAgain(generation, false); }}>
            {words.say("create.again_new")}
          </Button>
          <LinkButton tone="plain" icon="gallery" to="/projects/$project/gallery" params={{ project }} search={{ asset: generation.asset }}>
            {words.say("create.open")}
          </LinkButton>
        </Row>
      )}
    </>
  );
}
