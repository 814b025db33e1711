import { Link } from "@tanstack/react-router";
import { useReasons } from "@/api/reasons";
import type { TrainingRun } from "@/api/types";
import { measure } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Content } from "@/ui/content";
import { Facts } from "@/ui/facts";
import { LinkButton } from "@/ui/link-button";
import { LossChart } from "@/ui/loss-chart";
import { Notice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Row } from "@/ui/row";
import { StateMark } from "@/ui/state-mark";
import { configFacts } from "../config-facts";
import type { Report } from "../queries";
import { type CurvePoint, TONES, curveOf, joined } from "../run-state";
import styles from "../training.module.css";
import { RunTools } from "./run-tools";
import { Samples } from "./samples";
import { Vitals } from "./vitals";

interface Props {
  readonly project: string;
  readonly run: TrainingRun;
  /** What came by event since the run was read. */
  readonly reports: readonly CurvePoint[];
  readonly latest: Report | undefined;
}

export function OpenedRun({ project, run, reports, latest }: Props) {
  const words = useWords();
  const { failure } = useReasons();
  const lead = (
    <Row gap={3}>
      <Link to="/projects/$project/training" params={{ project }}>
        {words.say("training.back")}
      </Link>
      <StateMark tone={TONES[run.state]} isMoving={run.state === "running"}>
        {words.say(`state.${run.state}`)}
      </StateMark>
    </Row>
  );
  return (
    <Page title={<span translate="no">{run.name}</span>} lead={lead} actions={<RunTools project={project} run={run} />}>
      {run.state === "finished" && (
        <Notice tone="good" action={<LinkButton size="small" to="/projects/$project/models" params={{ project }}>{words.say("training.to_models")}</LinkButton>}>
          {words.say("training.finished")}
        </Notice>
      )}
      {run.state === "paused" && run.code !== "" && <Notice tone="wait" title={words.say("training.rests")}>{failure(run.code)}</Notice>}
      {run.state === "failed" && (
        <Notice tone="bad" title={words.say("training.failed")}>
          {run.code !== "" && <p>{failure(run.code)}</p>}
          <p>{words.say("training.failed.text")}</p>
        </Notice>
      )}
      <Vitals run={run} latest={latest} />
      <div className={styles.columns}>
        <Panel title={words.say("training.loss")}>
          <LossChart label={words.say("training.chart", { steps: run.steps })} points={joined(curveOf(run), reports)} steps={run.steps} format={(value) => measure(value, words.locale, 3)} emptyText={words.say("training.chart.empty")} />
        </Panel>
        <Panel title={words.say("training.config")}>
          <Facts facts={configFacts(run.config, words).map(({ name, value, isRaw, isWord }) => ({ name, isRaw, value: isWord ? value : <Content isMono>{value}</Content> }))} />
        </Panel>
      </div>
      <Samples run={run} />
    </Page>
  );
}
