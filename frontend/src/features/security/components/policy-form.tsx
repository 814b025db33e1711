import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { SecurityPolicy, SecurityPolicyAsk } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Check } from "@/ui/checks";
import { Notice } from "@/ui/notice";
import { NumberField } from "@/ui/number-field";
import { Row, Stack } from "@/ui/row";
import { TextArea } from "@/ui/text-area";
import { useToast } from "@/ui/toasts";
import { useSetPolicy } from "../queries";

export function PolicyForm({ known }: { readonly known: SecurityPolicy }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const [policy, setPolicy] = useState<SecurityPolicyAsk>(known);
  const [networks, setNetworks] = useState(known.networks.join("\n"));
  const set = useSetPolicy();
  const change = (part: Partial<SecurityPolicyAsk>) => { setPolicy((was) => ({ ...was, ...part })); };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        set.mutate({ ...policy, networks: networks.split(/[\s,]+/).filter((one) => one !== "") }, { onSuccess: () => { toast(words.say("policy.saved"), "good"); } });
      }}
    >
      <Stack>
        {set.error && <Notice tone="bad">{explain(set.error)}</Notice>}
        <Check label={words.say("policy.second_factor")} hint={words.say("policy.second_factor.hint")} isOn={policy.second_factor} onChange={(on) => { change({ second_factor: on }); }} />
        <Check label={words.say("policy.sso_only")} hint={words.say("policy.sso_only.hint")} isOn={policy.sso_only} onChange={(on) => { change({ sso_only: on }); }} />
        <Check label={words.say("policy.provider_step_up")} hint={words.say("policy.provider_step_up.hint")} isOn={policy.provider_step_up} onChange={(on) => { change({ provider_step_up: on }); }} />
        <NumberField label={words.say("policy.session_hours")} value={policy.session_hours} min={1} max={168} onChange={(hours) => { change({ session_hours: hours }); }} />
        <NumberField label={words.say("policy.idle_minutes")} value={policy.idle_minutes} min={5} max={720} onChange={(minutes) => { change({ idle_minutes: minutes }); }} />
        <TextArea label={words.say("policy.networks")} hint={words.say("policy.networks.hint")} value={networks} onChange={setNetworks} />
        <Row>
          <Button tone="main" type="submit" isBusy={set.isPending}>
            {words.say("say.save")}
          </Button>
        </Row>
      </Stack>
    </form>
  );
}
