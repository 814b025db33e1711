import { useQuery } from "@tanstack/react-query";
import { useExplain } from "@/api/explain";
import { modelsQuery } from "@/api/reads";
import { useProjectId } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Empty } from "@/ui/empty";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { ModelGroup } from "./components/model-group";

const POLL_MS = 5000;

export function ModelsPage() {
  const words = useWords();
  const explain = useExplain();
  const project = useProjectId();
  const models = useQuery({ ...modelsQuery(project), refetchInterval: POLL_MS });
  return (
    <Page title={words.say("registry.title")} lead={words.say("registry.lead")}>
      <Loaded query={models} explain={explain} height={160}>
        {(known) => {
          const waiting = known.filter(({ state }) => state === "candidate");
          const groups = [
            { title: words.say("registry.waiting"), models: waiting },
            { title: words.say("registry.adapters"), models: known.filter(({ kind, state }) => kind !== "base" && state !== "candidate") },
            { title: words.say("registry.bases"), models: known.filter(({ kind }) => kind === "base") },
          ];
          if (known.length === 0) return <Empty title={words.say("registry.empty.title")} text={words.say("registry.empty.text")} />;
          return groups.map((group) => group.models.length > 0 && <ModelGroup key={group.title} project={project} title={group.title} models={group.models} all={known} />);
        }}
      </Loaded>
    </Page>
  );
}
