import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useFactors } from "@/api/factors";
import { askStepUpBy } from "@/api/step-up";
import { useExplain } from "@/api/explain";
import { beginning } from "@/api/offers";
import { useSession } from "@/api/session";
import { stepUpByCode, stepUpByPasskey } from "@/api/sign-in";
import type { Session } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { AwayButton } from "@/ui/away-button";
import { Dialog } from "@/ui/dialog";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { FactorForm } from "./factor-form";
import { Named } from "./named";

/** Asks for a fresh second factor wherever a deed needs one, and lets the deed go on. */
export function StepUp() {
  const words = useWords();
  const [isAsking, setIsAsking] = useState(false);
  const answer = useRef<(isShown: boolean) => void>(() => undefined);
  useEffect(
    () =>
      askStepUpBy(
        () =>
          new Promise((resolve) => {
            answer.current = resolve;
            setIsAsking(true);
          }),
      ),
    [],
  );
  const end = (isShown: boolean) => {
    setIsAsking(false);
    answer.current(isShown);
  };
  return (
    <Dialog title={words.say("entrance.step_up.title")} closeLabel={words.say("say.close")} isOpen={isAsking} onClose={() => { end(false); }}>
      {isAsking && <Asked onShown={() => { end(true); }} onLeave={() => { end(false); }} />}
    </Dialog>
  );
}

function Asked({ onShown, onLeave }: { readonly onShown: () => void; readonly onLeave: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const factors = useFactors();
  const session = useSession();
  const provider = session?.policy.provider_step_up ? session.provider : null;
  return (
    <Loaded query={factors} explain={explain}>
      {(known) => {
        const kinds = [...new Set(known.map(({ type }) => type))].filter((kind) => kind !== "recovery_codes");
        return (
          <Stack>
            {kinds.length > 0 && (
              <>
                <p>{words.say("entrance.step_up.text")}</p>
                <FactorForm kinds={kinds} showCode={stepUpByCode} showPasskey={stepUpByPasskey} onShown={onShown} />
              </>
            )}
            {provider && <Again provider={provider} />}
            {kinds.length === 0 && !provider && (
              <Notice tone="wait" title={words.say("entrance.step_up.none")}>
                <Link to="/account" onClick={onLeave}>
                  {words.say("entrance.step_up.add")}
                </Link>
              </Notice>
            )}
          </Stack>
        );
      }}
    </Loaded>
  );
}

/** A fresh sign-in at the provider leads away from the page, so the deed is begun again afterwards. */
function Again({ provider }: { readonly provider: NonNullable<Session["provider"]> }) {
  const words = useWords();
  const { pathname, search } = window.location;
  return (
    <>
      <p>{words.say("entrance.step_up.provider.text")}</p>
      <AwayButton href={beginning(provider.url, pathname + search, true)}>
        <Named word="entrance.step_up.provider" name={provider.name} />
      </AwayButton>
    </>
  );
}
