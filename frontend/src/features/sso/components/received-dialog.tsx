import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Facts } from "@/ui/facts";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { Row, Stack } from "@/ui/row";
import { useToast } from "@/ui/toasts";
import { type Kept, forget } from "../draft";
import { slugOf } from "../our-side";
import { useAddProvider, useReceived } from "../queries";
import { linesOf } from "../standing";
import { ClaimsFields } from "./claims-fields";

interface Props {
  readonly test: string;
  readonly kept: Kept | undefined;
  readonly onAgain: (kept: Kept) => void;
  readonly onClose: () => void;
}

/** What came of a test: every claim, to who asked, once; a provider that is new may then be saved. */
export function ReceivedDialog({ test, kept, onAgain, onClose }: Props) {
  const words = useWords();
  const explain = useExplain();
  const received = useReceived(test);
  const why = (code: string) => words.find(`problem.${code}`, { code }) ?? words.say("problem.sso.refused", { code });
  return (
    <Dialog title={words.say("sso.received.title")} closeLabel={words.say("say.close")} isOpen onClose={onClose} size="large">
      <Loaded query={received} explain={explain}>
        {(found) => (
          <Stack>
            {found.why !== "" && <Notice tone="bad" title={words.say("sso.received.failed")}>{why(found.why)}</Notice>}
            {found.claims === null && found.why === "" && <Notice tone="wait">{words.say("sso.received.over")}</Notice>}
            {found.claims !== null && (
              <>
                <Notice tone="good" title={words.say("sso.received.passed")}>
                  {words.say("sso.received.once")}
                </Notice>
                <Facts facts={linesOf(found.claims).map(({ name, value }) => ({ name, isRaw: true, value: <span translate="no" className="mono">{value}</span> }))} />
              </>
            )}
            {kept && found.claims !== null && <Saving test={test} kept={kept} onDone={onClose} />}
            {kept && found.claims === null && (
              <Row>
                <Button tone="main" onPress={() => { onAgain(kept); }}>
                  {words.say("sso.received.again")}
                </Button>
              </Row>
            )}
          </Stack>
        )}
      </Loaded>
    </Dialog>
  );
}

function Saving({ test, kept, onDone }: { readonly test: string; readonly kept: Kept; readonly onDone: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const [claims, setClaims] = useState(kept);
  const add = useAddProvider();
  const save = () => {
    add.mutate({ ...claims, client_secret: "", metadata: "", name: kept.name.trim(), slug: slugOf(kept.name), test }, { onSuccess: () => { forget(); toast(words.say("sso.saved"), "good"); onDone(); } });
  };
  return (
    <>
      {add.error && <Notice tone="bad">{explain(add.error)}</Notice>}
      <ClaimsFields claims={claims} onChange={(part) => { setClaims((was) => ({ ...was, ...part })); }} />
      <Row>
        <Button tone="main" isBusy={add.isPending} isOff={claims.email_claim.trim() === ""} onPress={save}>
          {words.say("sso.save")}
        </Button>
      </Row>
    </>
  );
}
