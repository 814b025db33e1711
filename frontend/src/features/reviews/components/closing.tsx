import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { useToast } from "@/ui/toasts";
import { useCloseReview } from "../queries";

/** Closes a review, after it asked. */
export function Closing({ review, open }: { readonly review: string; readonly open: number }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const [isAsking, setIsAsking] = useState(false);
  const close = useCloseReview(review);
  const stop = () => { setIsAsking(false); };
  const go = () => {
    close.mutate(undefined, { onSuccess: () => { toast(words.say("reviews.closed"), "good"); }, onError: (error) => { toast(explain(error), "bad"); }, onSettled: stop });
  };
  return (
    <>
      <Button tone={open === 0 ? "main" : "quiet"} onPress={() => { setIsAsking(true); }}>
        {words.say("reviews.close")}
      </Button>
      {isAsking && <Confirm title={words.say("reviews.close.title")} text={words.say("reviews.close.text", { open })} go={words.say("reviews.close")} isBusy={close.isPending} onGo={go} onClose={stop} />}
    </>
  );
}
