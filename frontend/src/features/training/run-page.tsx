import { Link, useParams } from "@tanstack/react-router";
import { useExplain } from "@/api/explain";
import { useProjectId } from "@/api/session";
import type { TrainingRun } from "@/api/types";
import { measure } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Content } from "@/ui/content";
import { Facts } from "@/ui/facts";
import { LinkButton } from "@/ui/link-button";
import { Loaded } from "@/ui/loaded";
import { LossChart } from "@/ui/loss-chart";
import { Notice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Row } from "@/ui/row";
import { StateMark } from "@/ui/state-mark";
import { RunTools } from "./components/run-tools";
import { Samples } from "./components/samples";
import { Vitals } from "./components/vitals";
import { type Report, useLiveRun } from "./queries";
import { type CurvePoint, TONES, curveOf, joined } from "./run-state";
import styles from "./training.module.css";

export function RunPage() {
  const explain = useExplain();
  const project = useProjectId();
  const id = useParams({ strict: false, select: (facts: { run?: string }) => facts.run ?? "" });
  const { run, reports, latest } = useLiveRun(project, id);
  if (run.data) return <Opened project={project} run={run.data} reports={reports} latest={latest} />;
  return (
    <Page title="">
      <Loaded query={run} explain={explain}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function Opened({ project, run, reports, latest }: { readonly project: string; readonly run: TrainingRun; readonly reports: readonly CurvePoint[]; readonly latest: Report | undefined }) {
  const words = useWords();
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
      {run.state === "failed" && <Notice tone="bad">{words.say("training.failed", { code: run.code })}</Notice>}
      <Vitals run={run} latest={latest} />
      <div className={styles.columns}>
        <Panel title={words.say("training.loss")}>
          <LossChart label={words.say("training.chart", { steps: run.steps })} points={joined(curveOf(run), reports)} steps={run.steps} format={(value) => measure(value, words.locale, 3)} emptyText={words.say("training.chart.empty")} />
        </Panel>
        <Panel title={words.say("training.config")}>
          <Facts facts={Object.entries(run.config).filter(([, value]) => !Array.isArray(value)).map(([name, value]) => ({ name, value: <Content isMono>{String(value)}</Content>, isRaw: true }))} />
        </Panel>
      </div>
      <Samples run={run} />
    </Page>
  );
}
