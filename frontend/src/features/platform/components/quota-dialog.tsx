import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { RegisteredStudio } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { NumberField } from "@/ui/number-field";
import { Stack } from "@/ui/row";
import { useSetQuota } from "../queries";

/** Says how much a whole studio may do in a day; an empty field is no limit. */
export function QuotaDialog({ studio, onClose }: { readonly studio: RegisteredStudio; readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const [pictures, setPictures] = useState(studio.pictures_a_day ?? undefined);
  const [seconds, setSeconds] = useState(studio.device_seconds_a_day ?? undefined);
  const set = useSetQuota();
  return (
    <Dialog title={words.say("studios.quota", { name: studio.name })} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          set.mutate({ studio: studio.id, quota: { pictures_a_day: pictures ?? null, device_seconds_a_day: seconds ?? null } }, { onSuccess: onClose });
        }}
      >
        <Stack>
          {set.error && <Notice tone="bad">{explain(set.error)}</Notice>}
          <NumberField label={words.say("studios.column.pictures")} value={pictures} min={0} placeholder={words.say("studios.no_limit")} onChange={setPictures} onEmpty={() => { setPictures(undefined); }} />
          <NumberField label={words.say("studios.column.device")} hint={words.say("studios.quota.hint")} value={seconds} min={0} placeholder={words.say("studios.no_limit")} onChange={setSeconds} onEmpty={() => { setSeconds(undefined); }} />
          <Button tone="main" type="submit" isBusy={set.isPending}>
            {words.say("say.save")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
