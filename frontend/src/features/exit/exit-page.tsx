import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useExplain } from "@/api/explain";
import { modelsQuery } from "@/api/reads";
import { useMay, useProjectId } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Stack } from "@/ui/row";
import { Ask } from "./components/ask";
import { Bundle } from "./components/bundle";
import { Contents } from "./components/contents";
import { useAskExit, useExits } from "./queries";
import type { ExitSearch } from "./routes";
import styles from "./exit.module.css";

export function ExitPage() {
  const words = useWords();
  const explain = useExplain();
  const project = useProjectId();
  const mayAsk = useMay("export.request");
  const { model: wanted }: ExitSearch = useSearch({ strict: false });
  const models = useQuery(modelsQuery(project));
  const exits = useExits(project);
  const ask = useAskExit(project);
  return (
    <Page title={words.say("exit.title")} lead={words.say("exit.lead")}>
      <div className={styles.columns}>
        <Stack>
          {mayAsk && (
            <Panel>
              <Loaded query={models} explain={explain} lines={1}>
                {(known) => <Ask models={known} wanted={wanted} isBusy={ask.isPending} onAsk={ask.mutate} />}
              </Loaded>
              {ask.error && <Notice tone="bad">{explain(ask.error)}</Notice>}
            </Panel>
          )}
          <Panel title={words.say("exit.list")}>
            <Loaded query={exits} explain={explain}>
              {(known) => (
                <Stack gap={3}>
                  {known.length === 0 && <p className={styles.faint}>{words.say("exit.empty")}</p>}
                  {known.map((exit) => (
                    <Bundle key={exit.id} project={project} exit={exit} name={models.data?.find(({ id }) => id === exit.model)?.name ?? exit.model} />
                  ))}
                </Stack>
              )}
            </Loaded>
          </Panel>
        </Stack>
        <Contents />
      </div>
    </Page>
  );
}
