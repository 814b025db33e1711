import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { ProvisioningToken } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { NumberField } from "@/ui/number-field";
import { Stack } from "@/ui/row";
import { useRotate } from "../queries";
import { Issued } from "./issued";

/** Issues a token in an old one's place; both work until the old one's time of grace is over. */
export function RotateDialog({ token, onClose }: { readonly token: ProvisioningToken; readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const [hours, setHours] = useState(24);
  const rotate = useRotate();
  return (
    <Dialog title={words.say("services.rotate", { name: token.name })} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      {rotate.data ? (
        <Issued token={rotate.data.token} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            rotate.mutate({ token: token.id, grace_hours: hours });
          }}
        >
          <Stack>
            {rotate.error && <Notice tone="bad">{explain(rotate.error)}</Notice>}
            <p>{words.say("provisioning.rotate.text")}</p>
            <NumberField label={words.say("provisioning.grace")} value={hours} min={0} max={168} onChange={setHours} />
            <Button tone="main" type="submit" isBusy={rotate.isPending}>
              {words.say("services.rotate.short")}
            </Button>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
