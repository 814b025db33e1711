import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { Panel } from "@/ui/panel";
import { Row, Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useReportLeaked } from "../queries";

/** Ends a token by its value: whoever found one pastes it, and the field forgets it. */
export function LeakedForm() {
  const words = useWords();
  const explain = useExplain();
  const [value, setValue] = useState("");
  const report = useReportLeaked();
  return (
    <Panel title={words.say("tokens.leaked")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          report.mutate(value.trim(), { onSuccess: () => { setValue(""); } });
        }}
      >
        <Stack gap={3}>
          <p>{words.say("tokens.leaked.text")}</p>
          {report.error && <Notice tone="bad">{explain(report.error)}</Notice>}
          {report.isSuccess && <Notice tone="good">{words.say("tokens.leaked.done")}</Notice>}
          <TextField label={words.say("tokens.leaked.value")} value={value} onChange={setValue} autoComplete="off" />
          <Row>
            <Button tone="danger" type="submit" isBusy={report.isPending} isOff={value.trim() === ""}>
              {words.say("tokens.leaked.go")}
            </Button>
          </Row>
        </Stack>
      </form>
    </Panel>
  );
}
