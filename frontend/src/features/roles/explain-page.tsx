import { useProjectId } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Page } from "@/ui/page";
import { ExplainPanel } from "./components/explain-panel";

/** Explains access in the project that the address names, to its lead. */
export function ExplainPage() {
  const words = useWords();
  const project = useProjectId();
  return (
    <Page title={words.say("explain.page")} lead={words.say("explain.lead")}>
      <ExplainPanel key={project} project={project} />
    </Page>
  );
}
