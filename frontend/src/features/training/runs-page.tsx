import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useMay, useProjectId } from "@/api/session";
import type { TrainingSummary } from "@/api/types";
import { ago, measure } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import type { Words } from "@/lib/words/words";
import { Button } from "@/ui/button";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { Empty } from "@/ui/empty";
import { Loaded } from "@/ui/loaded";
import { Meter } from "@/ui/meter";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { StateMark } from "@/ui/state-mark";
import { StartDialog } from "./components/start-dialog";
import { useRuns } from "./queries";
import type { TrainingSearch } from "./routes";
import { TONES } from "./run-state";

export function RunsPage() {
  const words = useWords();
  const explain = useExplain();
  const project = useProjectId();
  const mayStart = useMay("training.start");
  const { dataset }: TrainingSearch = useSearch({ strict: false });
  const [isStarting, setIsStarting] = useState(dataset !== undefined);
  const runs = useRuns(project);
  const start = mayStart && (
    <Button tone="main" icon="plus" onPress={() => { setIsStarting(true); }}>
      {words.say("training.new")}
    </Button>
  );
  return (
    <Page title={words.say("training.title")} lead={words.say("training.lead")} actions={start}>
      <Loaded query={runs} explain={explain}>
        {(known) =>
          known.length === 0 ? (
            <Empty title={words.say("training.empty.title")} text={words.say("training.empty.text")} />
          ) : (
            <Panel isFlush>
              <DataTable label={words.say("training.table")} rows={known} rowKey={({ id }) => id} columns={columnsFor(words, project)} />
            </Panel>
          )
        }
      </Loaded>
      {mayStart && <StartDialog project={project} dataset={dataset} isOpen={isStarting} onClose={() => { setIsStarting(false); }} />}
    </Page>
  );
}

function columnsFor(words: Words, project: string): readonly Column<TrainingSummary>[] {
  return [
    {
      key: "name",
      title: words.say("training.column.name"),
      cell: (run) => (
        <Link to="/projects/$project/training/$run" params={{ project, run: run.id }}>
          <Content>{run.name}</Content>
        </Link>
      ),
    },
    { key: "state", title: words.say("training.column.state"), cell: (run) => <StateMark tone={TONES[run.state]} isMoving={run.state === "running"}>{words.say(`state.${run.state}`)}</StateMark> },
    {
      key: "progress",
      title: words.say("training.column.progress"),
      cell: (run) => (
        <div style={{ minWidth: 140, display: "grid", gap: 4 }}>
          <span>{words.say("training.step", { step: run.step, steps: run.steps })}</span>
          <Meter isSlim label={words.say("training.progress")} part={run.step / Math.max(1, run.steps)} tone={run.state === "failed" ? "bad" : "main"} />
        </div>
      ),
    },
    { key: "loss", title: words.say("training.column.loss"), isNumber: true, cell: (run) => (run.loss === null ? "–" : measure(run.loss, words.locale)) },
    { key: "started", title: words.say("training.column.started"), cell: (run) => <Content>{ago(run.created, words.locale)}</Content> },
  ];
}
