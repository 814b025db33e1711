import { useState } from "react";
import { useHasPassword, useOwnAddresses, useSendLink } from "@/api/devices";
import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Content } from "@/ui/content";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { Panel } from "@/ui/panel";
import { Row, Stack } from "@/ui/row";
import { StateMark } from "@/ui/state-mark";
import { PasswordDialog } from "./password-dialog";

/** The address that one signs in with, whether it is proved, and one's password. */
export function SignInPanel() {
  const words = useWords();
  const explain = useExplain();
  const addresses = useOwnAddresses();
  const send = useSendLink();
  const hasPassword = useHasPassword().data ?? false;
  const [isChanging, setIsChanging] = useState(false);
  return (
    <Panel title={words.say("account.sign_in.title")}>
      <Stack>
        {send.error && <Notice tone="bad">{explain(send.error)}</Notice>}
        {send.isSuccess && <Notice tone="good">{words.say("account.address.sent")}</Notice>}
        <Loaded query={addresses} explain={explain} lines={1}>
          {(known) => (
            <Stack gap={2}>
              {known.map(({ email, verified }) => (
                <Row key={email} gap={4}>
                  <Content>{email}</Content>
                  <StateMark tone={verified ? "good" : "wait"}>{words.say(verified ? "account.address.proved" : "account.address.unproved")}</StateMark>
                  {!verified && (
                    <Button size="small" isBusy={send.isPending} onPress={() => { send.mutate(email); }}>
                      {words.say("account.address.send")}
                    </Button>
                  )}
                </Row>
              ))}
            </Stack>
          )}
        </Loaded>
        {hasPassword ? (
          <Row>
            <Button onPress={() => { setIsChanging(true); }}>{words.say("account.password.change")}</Button>
          </Row>
        ) : (
          <p>{words.say("account.password.none")}</p>
        )}
      </Stack>
      {isChanging && <PasswordDialog onClose={() => { setIsChanging(false); }} />}
    </Panel>
  );
}
