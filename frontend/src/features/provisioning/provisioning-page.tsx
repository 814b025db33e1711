import { useState } from "react";
import { useExplain } from "@/api/explain";
import { ago } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Content } from "@/ui/content";
import { Copied } from "@/ui/copied";
import { Empty } from "@/ui/empty";
import { Facts } from "@/ui/facts";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { NewToken } from "./components/new-token";
import { TokenTable } from "./components/token-table";
import { useProvisioning } from "./queries";

/** Where the studio's directory sends people and groups, and by which tokens. */
export function ProvisioningPage() {
  const words = useWords();
  const explain = useExplain();
  const provisioning = useProvisioning();
  const [isAdding, setIsAdding] = useState(false);
  const add = (
    <Button tone="main" icon="plus" onPress={() => { setIsAdding(true); }}>
      {words.say("tokens.new")}
    </Button>
  );
  const base = words.say("provisioning.base_url");
  return (
    <Page title={words.say("settings.provisioning")} lead={words.say("provisioning.lead")} actions={add}>
      <Loaded query={provisioning} explain={explain}>
        {({ base_url: url, last_used: used, people, groups, tokens }) => (
          <>
            <Panel title={words.say("provisioning.directory")}>
              <Facts
                facts={[
                  { name: base, value: <Copied value={url} label={words.say("say.copy", { what: base })} /> },
                  { name: words.say("tokens.column.used"), value: used === null ? words.say("tokens.never") : <Content>{ago(used, words.locale)}</Content> },
                  { name: words.say("provisioning.people"), value: <Content>{String(people)}</Content> },
                  { name: words.say("provisioning.groups"), value: <Content>{String(groups)}</Content> },
                ]}
              />
            </Panel>
            {tokens.length === 0 ? (
              <Empty title={words.say("provisioning.empty.title")} text={words.say("provisioning.empty.text")} />
            ) : (
              <Panel title={words.say("provisioning.tokens")} isFlush>
                <TokenTable tokens={tokens} />
              </Panel>
            )}
          </>
        )}
      </Loaded>
      {isAdding && <NewToken onClose={() => { setIsAdding(false); }} />}
    </Page>
  );
}
