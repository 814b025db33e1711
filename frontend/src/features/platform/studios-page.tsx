import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { RegisteredStudio } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Empty } from "@/ui/empty";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { useToast } from "@/ui/toasts";
import { FoundDialog } from "./components/found-dialog";
import { QuotaDialog } from "./components/quota-dialog";
import { StudioTable } from "./components/studio-table";
import { useRestore, useStudios, useSuspend } from "./queries";

/** The register of studios, for the platform's operators. */
export function StudiosPage() {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const studios = useStudios();
  const suspend = useSuspend();
  const restore = useRestore();
  const [isFounding, setIsFounding] = useState(false);
  const [limited, setLimited] = useState<RegisteredStudio>();
  const [leaving, setLeaving] = useState<RegisteredStudio>();
  const close = () => { setLeaving(undefined); };
  const failed = (error: Error) => { toast(explain(error), "bad"); };
  const found = (
    <Button tone="main" icon="plus" onPress={() => { setIsFounding(true); }}>
      {words.say("studios.found")}
    </Button>
  );
  return (
    <Page title={words.say("settings.studios")} lead={words.say("studios.lead")} actions={found}>
      <Loaded query={studios} explain={explain}>
        {(known) =>
          known.length === 0 ? (
            <Empty title={words.say("studios.empty.title")} text={words.say("studios.empty.text")} />
          ) : (
            <Panel isFlush>
              <StudioTable studios={known} onLimit={setLimited} onSuspend={setLeaving} onRestore={(studio) => { restore.mutate(studio.id, { onSuccess: () => { toast(words.say("studios.restored"), "good"); }, onError: failed }); }} />
            </Panel>
          )
        }
      </Loaded>
      {isFounding && <FoundDialog onClose={() => { setIsFounding(false); }} />}
      {limited && <QuotaDialog studio={limited} onClose={() => { setLimited(undefined); }} />}
      {leaving && <Confirm title={words.say("studios.suspend.title", { name: leaving.name })} text={words.say("studios.suspend.text")} go={words.say("studios.suspend.go")} isBusy={suspend.isPending} onGo={() => { suspend.mutate(leaving.id, { onSuccess: () => { toast(words.say("studios.suspended.now"), "good"); }, onError: failed, onSettled: close }); }} onClose={close} />}
    </Page>
  );
}
