import { useState } from "react";
import { useExplain } from "@/api/explain";
import { type Factor, useFactors, useRemoveFactor } from "@/api/factors";
import { knowsPasskeys } from "@/api/passkeys";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Empty } from "@/ui/empty";
import { Loaded } from "@/ui/loaded";
import { Panel } from "@/ui/panel";
import { Row, Stack } from "@/ui/row";
import { useToast } from "@/ui/toasts";
import { AppDialog } from "./app-dialog";
import { CodesDialog } from "./codes-dialog";
import { FactorList } from "./factor-list";
import { PasskeyDialog } from "./passkey-dialog";

type Adding = "app" | "passkey" | "codes";

/** The second factors of the account; recovery codes come once there is another one. */
export function FactorsPanel() {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const factors = useFactors();
  const remove = useRemoveFactor();
  const [adding, setAdding] = useState<Adding>();
  const [leaving, setLeaving] = useState<Factor>();
  const known = factors.data ?? [];
  const done = () => { setAdding(undefined); };
  const go = (factor: Factor) => {
    remove.mutate(factor, { onSuccess: () => { toast(words.say("account.factor.removed"), "good"); }, onError: (error) => { toast(explain(error), "bad"); }, onSettled: () => { setLeaving(undefined); } });
  };
  const hasApp = known.some(({ type }) => type === "totp");
  return (
    <Panel title={words.say("account.factors.title")}>
      <Stack>
        <p>{words.say("account.factors.text")}</p>
        <Loaded query={factors} explain={explain}>
          {(all) => (all.length === 0 ? <Empty title={words.say("account.factors.none.title")} text={words.say("account.factors.none.text")} /> : <FactorList factors={all} onRemove={setLeaving} />)}
        </Loaded>
        <Row>
          {!hasApp && (
            <Button tone="main" icon="plus" onPress={() => { setAdding("app"); }}>
              {words.say("account.app.add")}
            </Button>
          )}
          {knowsPasskeys() && (
            <Button icon="plus" onPress={() => { setAdding("passkey"); }}>
              {words.say("account.passkey.add")}
            </Button>
          )}
          {known.some(({ type }) => type !== "recovery_codes") && <Button onPress={() => { setAdding("codes"); }}>{words.say("account.codes.new")}</Button>}
        </Row>
      </Stack>
      {adding === "app" && <AppDialog onClose={done} />}
      {adding === "passkey" && <PasskeyDialog onClose={done} />}
      {adding === "codes" && <CodesDialog onClose={done} />}
      {leaving && (
        <Confirm title={words.say("account.factor.remove.title")} text={words.say("account.factor.remove.text")} go={words.say("account.factor.remove.go")} isBusy={remove.isPending} onGo={() => { go(leaving); }} onClose={() => { setLeaving(undefined); }} />
      )}
    </Panel>
  );
}
