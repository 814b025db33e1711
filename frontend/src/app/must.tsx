import { useQueryClient } from "@tanstack/react-query";
import { sessionQuery } from "@/api/session";
import type { Session } from "@/api/types";
import { FactorsPanel } from "@/features/account/components/factors-panel";
import { FactorPage } from "@/features/entrance/factor-page";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { useLeave } from "./use-leave";

/** What a session has to do before the rooms are open to it: add a second factor, or show one. */
export function Must({ session }: { readonly session: Session }) {
  const words = useWords();
  const client = useQueryClient();
  const leave = useLeave();
  const out = () => void leave();
  if (session.policy.must === "show_factor") {
    return <FactorPage kinds={session.second_factor.kinds} onShown={() => void client.invalidateQueries({ queryKey: sessionQuery.queryKey })} onLeave={out} />;
  }
  return (
    <main>
      <Page title={words.say("account.title")} lead={<span translate="no">{session.person.email}</span>} actions={<Button onPress={out}>{words.say("nav.sign_out")}</Button>}>
        <Notice tone="wait">{words.say("problem.session.enrol_factor")}</Notice>
        <FactorsPanel />
      </Page>
    </main>
  );
}
