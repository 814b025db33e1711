import { useState } from "react";
import { useHasPassword } from "@/api/devices";
import { useExplain } from "@/api/explain";
import { useSession } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Content } from "@/ui/content";
import { Facts } from "@/ui/facts";
import { Loaded } from "@/ui/loaded";
import { Panel } from "@/ui/panel";
import { Row, Stack } from "@/ui/row";
import { PasswordDialog } from "./password-dialog";

/** The address that one signs in with, and one's password. */
export function SignInPanel() {
  const words = useWords();
  const explain = useExplain();
  const session = useSession();
  const password = useHasPassword();
  const [isChanging, setIsChanging] = useState(false);
  return (
    <Panel title={words.say("account.sign_in.title")}>
      <Stack>
        <Facts facts={[{ name: words.say("entrance.email"), value: <Content>{session?.person.email ?? ""}</Content> }]} />
        <Loaded query={password} explain={explain} lines={1}>
          {(has) =>
            has ? (
              <Row>
                <Button onPress={() => { setIsChanging(true); }}>{words.say("account.password.change")}</Button>
              </Row>
            ) : (
              <p>{words.say("account.password.none")}</p>
            )
          }
        </Loaded>
      </Stack>
      {isChanging && <PasswordDialog onClose={() => { setIsChanging(false); }} />}
    </Panel>
  );
}
