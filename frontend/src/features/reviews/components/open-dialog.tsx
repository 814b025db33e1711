import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useOpenReview } from "../queries";
import { dayIn, endOf } from "../standing";

const DAYS = 14;

/** Opens a review over every role that counts now, due at the end of a day. */
export function OpenDialog({ project, onClose }: { readonly project: string; readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const [due, setDue] = useState(() => dayIn(DAYS));
  const open = useOpenReview(project);
  return (
    <Dialog title={words.say("reviews.new")} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          open.mutate(endOf(due), { onSuccess: onClose });
        }}
      >
        <Stack>
          <p>{words.say(project === "" ? "reviews.new.text.studio" : "reviews.new.text.project")}</p>
          {open.error && <Notice tone="bad">{explain(open.error)}</Notice>}
          <TextField kind="date" label={words.say("reviews.due")} value={due} onChange={setDue} isNeeded />
          <Button tone="main" type="submit" isBusy={open.isPending} isOff={due === ""}>
            {words.say("reviews.go")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
