import { useSession } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Page } from "@/ui/page";
import { LinkButton } from "@/ui/link-button";
import { Panel } from "@/ui/panel";
import { Row, Stack } from "@/ui/row";
import { DevicesPanel } from "./components/devices-panel";
import { FactorsPanel } from "./components/factors-panel";
import { SignInPanel } from "./components/sign-in-panel";

/** One's own account: how one proves who one is, and where one is signed in. */
export function AccountPage() {
  const words = useWords();
  const session = useSession();
  return (
    <Page title={words.say("account.title")} lead={<span translate="no">{session?.person.email}</span>}>
      <Stack>
        <SignInPanel />
        <FactorsPanel />
        <DevicesPanel />
        <Panel title={words.say("tokens.title")}>
          <Stack gap={3}>
            <p>{words.say("tokens.lead")}</p>
            <Row>
              <LinkButton to="/account/tokens">{words.say("account.tokens")}</LinkButton>
            </Row>
          </Stack>
        </Panel>
      </Stack>
    </Page>
  );
}
