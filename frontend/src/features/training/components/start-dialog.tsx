import { useQuery } from "@tanstack/react-query";
import { useExplain } from "@/api/explain";
import { datasetsQuery, modelsQuery } from "@/api/reads";
import { useWords } from "@/lib/words/context";
import { Dialog } from "@/ui/dialog";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { StartForm } from "./start-form";

interface Props {
  readonly project: string;
  readonly dataset: string | undefined;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Asks for the form once it is known what can be trained on what. */
export function StartDialog({ project, dataset, isOpen, onClose }: Props) {
  const words = useWords();
  const explain = useExplain();
  const datasets = useQuery(datasetsQuery(project));
  const models = useQuery(modelsQuery(project));
  return (
    <Dialog title={words.say("training.new.title")} closeLabel={words.say("say.close")} isOpen={isOpen} onClose={onClose}>
      <Loaded query={datasets} explain={explain}>
        {(known) => {
          const frozen = known.filter(({ state }) => state === "frozen");
          if (frozen.length === 0) return <Notice tone="wait">{words.say("training.no_frozen")}</Notice>;
          return (
            <Loaded query={models} explain={explain}>
              {(all) => {
                const bases = all.filter(({ kind, state }) => kind === "base" && state === "approved");
                if (bases.length === 0) return <Notice tone="wait">{words.say("training.no_base")}</Notice>;
                return <StartForm project={project} wanted={dataset} datasets={frozen} bases={bases} />;
              }}
            </Loaded>
          );
        }}
      </Loaded>
    </Dialog>
  );
}
