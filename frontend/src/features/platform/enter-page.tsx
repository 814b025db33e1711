import { useState } from "react";
import { useExplain } from "@/api/explain";
import { dateTime } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Copied } from "@/ui/copied";
import { Notice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useEnter } from "./queries";

/** Support's way into a studio that has let it in: a token, shown once, that ends with the consent. */
export function EnterPage() {
  const words = useWords();
  const explain = useExplain();
  const [studio, setStudio] = useState("");
  const enter = useEnter();
  return (
    <Page title={words.say("settings.enter")} lead={words.say("enter.lead")}>
      <Panel>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            enter.mutate(studio.trim());
          }}
        >
          <Stack>
            {enter.error && <Notice tone="bad">{explain(enter.error)}</Notice>}
            {enter.data && (
              <Notice tone="wait" title={words.say("enter.as", { role: words.say(`role.${enter.data.role}`), moment: dateTime(enter.data.expires, words.locale) })}>
                <p>{words.say("enter.again")}</p>
                <Copied value={enter.data.token} label={words.say("say.copy", { what: words.say("tokens.value") })} />
              </Notice>
            )}
            <TextField label={words.say("enter.id")} hint={words.say("enter.id.hint")} value={studio} onChange={setStudio} isNeeded />
            <div>
              <Button tone="main" type="submit" isBusy={enter.isPending} isOff={studio.trim() === ""}>
                {words.say("enter.go")}
              </Button>
            </div>
          </Stack>
        </form>
      </Panel>
    </Page>
  );
}
