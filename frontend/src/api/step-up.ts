/* Where a deed needs a fresh second factor, whoever draws the page asks for it; several deeds at once wait for one answer. */
type Ask = () => Promise<boolean>;
let ask: Ask | undefined;
let asking: Promise<boolean> | undefined;

/** Name who asks the person; the answer takes that back. */
export function askStepUpBy(asked: Ask): () => void {
  ask = asked;
  return () => {
    if (ask === asked) ask = undefined;
  };
}

/** Ask the person; false where nobody can ask, or she did not show it. */
export function stepUp(): Promise<boolean> {
  asking ??= (ask?.() ?? Promise.resolve(false)).finally(() => {
    asking = undefined;
  });
  return asking;
}
