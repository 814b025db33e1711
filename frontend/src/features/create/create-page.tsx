import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { useExplain } from "@/api/explain";
import { modelsQuery } from "@/api/reads";
import { useMay, useProjectId } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { PageTitle } from "@/ui/page-title";
import { type Draft, askFor, draftAgain } from "./draft";
import styles from "./create.module.css";
import { Controls } from "./components/controls";
import { OwnLimit } from "./components/own-limit";
import { RecallNotice } from "./components/recall-notice";
import { Strip } from "./components/strip";
import { Table } from "./components/table";
import { useGenerate } from "./queries";
import { useDraft } from "./use-draft";
import { useStrip } from "./use-strip";

export function CreatePage() {
  const words = useWords();
  const explain = useExplain();
  const project = useProjectId();
  const mayTry = useMay("model.try");
  const models = useQuery(modelsQuery(project));
  const { draft, setDraft, recall } = useDraft(project, { models: models.data, mayTry });
  const { made, remember, forget } = useStrip(project);
  const [shown, setShown] = useState<string>();
  const generate = useGenerate(project);
  const isReady = draft.prompt.trim() !== "" && draft.base !== "" && !generate.isPending;
  const send = (order: Draft) => {
    generate.mutate(askFor(order), {
      onSuccess: ({ results }) => {
        remember(results.map(({ id }) => id));
        setShown(results[0]?.id);
      },
    });
  };
  useGenerateKey(() => {
    if (isReady) send(draft);
  });
  return (
    <div className={styles.room}>
      <PageTitle room={words.say("create.title")} />
      <h1 className="only-for-readers">{words.say("create.title")}</h1>
      <aside className={styles.controls}>
        <Loaded query={models} explain={explain} lines={6}>
          {(known) => (
            <Controls
              draft={draft}
              onChange={setDraft}
              models={known}
              mayTry={mayTry}
              isReady={isReady}
              isBusy={generate.isPending}
              limit={<OwnLimit project={project} />}
              onGenerate={() => {
                send(draft);
              }}
            >
              <RecallNotice recall={recall} />
              {generate.error && <Notice tone="bad">{explain(generate.error)}</Notice>}
            </Controls>
          )}
        </Loaded>
      </aside>
      <Table
        project={project}
        shown={shown ?? made[0]}
        onAgain={(generation, isSameSeed) => {
          const order = { ...draftAgain(generation, draft), isSeedKept: isSameSeed };
          setDraft(order);
          send(order);
        }}
      />
      <Strip project={project} made={made} shown={shown ?? made[0]} onShow={setShown} onGone={forget} />
    </div>
  );
}

/** Ctrl or Command and Enter generate from anywhere on the page, fields included. */
function useGenerateKey(generate: () => void): void {
  const pressed = useEffectEvent(generate);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      pressed();
    };
    window.addEventListener("keydown", press);
    return () => {
      window.removeEventListener("keydown", press);
    };
  }, []);
}
