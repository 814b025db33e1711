import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { datasetsQuery } from "@/api/reads";
import { useMay, useProjectId } from "@/api/session";
import { ago } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Content } from "@/ui/content";
import { Empty } from "@/ui/empty";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { StateMark } from "@/ui/state-mark";
import { NewDataset } from "./components/new-dataset";
import styles from "./datasets.module.css";

export function DatasetsPage() {
  const words = useWords();
  const explain = useExplain();
  const project = useProjectId();
  const mayEdit = useMay("dataset.edit");
  const datasets = useQuery(datasetsQuery(project));
  const [isMaking, setIsMaking] = useState(false);
  const make = mayEdit && (
    <Button tone="main" icon="plus" onPress={() => { setIsMaking(true); }}>
      {words.say("datasets.new")}
    </Button>
  );
  return (
    <Page title={words.say("datasets.title")} lead={words.say("datasets.lead")} actions={make}>
      <Loaded query={datasets} explain={explain}>
        {(known) =>
          known.length === 0 ? (
            <Empty title={words.say("datasets.empty.title")} text={words.say("datasets.empty.text")} />
          ) : (
            <ul className={styles.list}>
              {known.map((dataset) => (
                <li key={dataset.id}>
                  <Link to="/projects/$project/datasets/$dataset" params={{ project, dataset: dataset.id }} className={styles.dataset}>
                    <h2 translate="no">{dataset.name}</h2>
                    <span>{words.count("datasets.pictures", dataset.items_count)}</span>
                    <Content>{ago(dataset.created, words.locale)}</Content>
                    <StateMark tone={dataset.state === "frozen" ? "good" : "news"}>{words.say(`state.${dataset.state}`)}</StateMark>
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <NewDataset project={project} isOpen={isMaking} onClose={() => { setIsMaking(false); }} />
    </Page>
  );
}
