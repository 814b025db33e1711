import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { ApiToken } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { useRotate } from "../queries";
import { NewValue } from "./new-value";

const MINUTES = ["0", "60", "1440"] as const;

/** Puts a new token in the place of one, which may live on for a while. */
export function RotateDialog({ token, onClose }: { readonly token: ApiToken; readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const [grace, setGrace] = useState<string>("60");
  const rotate = useRotate();
  return (
    <Dialog title={rotate.data ? words.say("tokens.issued.title") : words.say("tokens.rotate", { name: token.name })} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      {rotate.data ? (
        <NewValue token={rotate.data.token} />
      ) : (
        <Stack>
          {rotate.error && <Notice tone="bad">{explain(rotate.error)}</Notice>}
          <p>{words.say("tokens.rotate.text")}</p>
          <Choice label={words.say("tokens.rotate.grace")} value={grace} options={MINUTES.map((minutes) => ({ value: minutes, label: words.say(`tokens.rotate.grace.${minutes}`) }))} onChange={setGrace} />
          <Button tone="main" isBusy={rotate.isPending} onPress={() => { rotate.mutate({ token: token.id, minutes: Number(grace) }); }}>
            {words.say("tokens.rotate.go")}
          </Button>
        </Stack>
      )}
    </Dialog>
  );
}
