import { useSession } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Page } from "@/ui/page";
import { Stack } from "@/ui/row";
import { FactorsPanel } from "./components/factors-panel";

/** One's own account: how one proves who one is. */
export function AccountPage() {
  const words = useWords();
  const session = useSession();
  return (
    <Page title={words.say("account.title")} lead={<span translate="no">{session?.person.email}</span>}>
      <Stack>
        <FactorsPanel />
      </Stack>
    </Page>
  );
}
