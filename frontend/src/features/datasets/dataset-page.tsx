import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useMay, useProjectId } from "@/api/session";
import type { Dataset } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { LinkButton } from "@/ui/link-button";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { Row } from "@/ui/row";
import { StateMark } from "@/ui/state-mark";
import { FreezeDialog } from "./components/freeze-dialog";
import { Items } from "./components/items";
import { UploadArea } from "./components/upload-area";
import { useDataset } from "./queries";

export function DatasetPage() {
  const explain = useExplain();
  const project = useProjectId();
  const id = useParams({ strict: false, select: (facts: { dataset?: string }) => facts.dataset ?? "" });
  const dataset = useDataset(project, id);
  return dataset.data ? (
    <Opened project={project} dataset={dataset.data} />
  ) : (
    <Page title="">
      <Loaded query={dataset} explain={explain}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function Opened({ project, dataset }: { readonly project: string; readonly dataset: Dataset }) {
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
