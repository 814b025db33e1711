import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "@/api/session";
import type { Dataset } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { LinkButton } from "@/ui/link-button";
import { Notice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { Row } from "@/ui/row";
import { StateMark } from "@/ui/state-mark";
import { FreezeDialog } from "./freeze-dialog";
import { Items } from "./items";
import { UploadArea } from "./upload-area";

export function OpenedDataset({ project, dataset }: { readonly project: string; readonly dataset: Dataset }) {
  const words = useWords();
  const [mayEdit, mayFreeze, mayTrain] = [useMay("dataset.edit"), useMay("dataset.freeze"), useMay("training.start")];
  const [isFreezing, setIsFreezing] = useState(false);
  const isFrozen = dataset.state === "frozen";
  const actions = isFrozen
    ? mayTrain && (
        <LinkButton tone="main" icon="training" to="/projects/$project/training" params={{ project }} search={{ dataset: dataset.id }}>
          {words.say("datasets.train")}
        </LinkButton>
      )
    : mayFreeze && (
        <Button icon="snow" tone="main" isOff={dataset.items_count === 0} onPress={() => { setIsFreezing(true); }}>
          {words.say("datasets.freeze")}
        </Button>
      );
  const lead = (
    <Row gap={3}>
      <Link to="/projects/$project/datasets" params={{ project }}>
        {words.say("datasets.back")}
      </Link>
      <span>{words.count("datasets.pictures", dataset.items_count)}</span>
      <StateMark tone={isFrozen ? "good" : "news"}>{words.say(`state.${dataset.state}`)}</StateMark>
    </Row>
  );
  return (
    <Page title={<span translate="no">{dataset.name}</span>} lead={lead} actions={actions}>
      {isFrozen ? <Notice tone="good">{words.say("datasets.frozen")}</Notice> : mayEdit && <UploadArea project={project} dataset={dataset.id} />}
      <Items project={project} dataset={dataset.id} isOpen={!isFrozen && mayEdit} />
      <FreezeDialog project={project} dataset={dataset.id} isOpen={isFreezing} onClose={() => { setIsFreezing(false); }} />
    </Page>
  );
}
