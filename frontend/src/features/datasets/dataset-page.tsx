import { useParams } from "@tanstack/react-router";
import { useExplain } from "@/api/explain";
import { useProjectId } from "@/api/session";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { OpenedDataset } from "./components/opened-dataset";
import { useDataset } from "./queries";

export function DatasetPage() {
  const explain = useExplain();
  const project = useProjectId();
  const id = useParams({ strict: false, select: (facts: { dataset?: string }) => facts.dataset ?? "" });
  const dataset = useDataset(project, id);
  return dataset.data ? (
    <OpenedDataset project={project} dataset={dataset.data} />
  ) : (
    <Page title="">
      <Loaded query={dataset} explain={explain}>
        {() => null}
      </Loaded>
    </Page>
  );
}
