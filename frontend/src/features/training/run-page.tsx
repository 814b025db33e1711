import { useParams } from "@tanstack/react-router";
import { useExplain } from "@/api/explain";
import { useProjectId } from "@/api/session";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { OpenedRun } from "./components/opened-run";
import { useLiveRun } from "./queries";

export function RunPage() {
  const explain = useExplain();
  const project = useProjectId();
  const id = useParams({ strict: false, select: (facts: { run?: string }) => facts.run ?? "" });
  const { run, reports, latest } = useLiveRun(project, id);
  if (run.data) return <OpenedRun project={project} run={run.data} reports={reports} latest={latest} />;
  return (
    <Page title="">
      <Loaded query={run} explain={explain}>
        {() => null}
      </Loaded>
    </Page>
  );
}
