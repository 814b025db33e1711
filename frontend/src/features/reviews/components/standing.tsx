import type { AccessReview } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { StateMark } from "@/ui/state-mark";
import { standingOf } from "../standing";

const TONES = { open: "wait", overdue: "bad", closed: "good" } as const;

export function Standing({ review }: { readonly review: AccessReview }) {
  const words = useWords();
  const standing = standingOf(review);
  return <StateMark tone={TONES[standing]}>{words.say(`reviews.state.${standing}`)}</StateMark>;
}
