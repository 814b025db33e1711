import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { PolicyForm } from "./components/policy-form";
import { usePolicy } from "./queries";

/** What the studio asks of every sign-in and every request. */
export function PolicyPage() {
  const words = useWords();
  const explain = useExplain();
  const policy = usePolicy();
  return (
    <Page title={words.say("settings.security")} lead={words.say("policy.lead")}>
      <Loaded query={policy} explain={explain}>
        {(known) => (
          <Panel title={words.say("policy.title")}>
            <PolicyForm key={known.changed ?? ""} known={known} />
          </Panel>
        )}
      </Loaded>
    </Page>
  );
}
