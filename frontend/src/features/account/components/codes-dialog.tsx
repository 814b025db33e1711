import { useExplain } from "@/api/explain";
import { useNewRecoveryCodes } from "@/api/factors";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Copied } from "@/ui/copied";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { Confirmed } from "./confirmed";

/** Makes recovery codes, which are shown once; the ones before count no more. */
export function CodesDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  return (
    <Dialog title={words.say("account.codes.new")} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <Confirmed>
        <Made />
      </Confirmed>
    </Dialog>
  );
}

function Made() {
  const words = useWords();
  const explain = useExplain();
  const make = useNewRecoveryCodes();
  if (!make.data) {
    return (
      <Stack>
        {make.error && <Notice tone="bad">{explain(make.error)}</Notice>}
        <p>{words.say("account.codes.text")}</p>
        <Button tone="main" isBusy={make.isPending} onPress={() => { make.mutate(undefined); }}>
          {words.say("account.codes.go")}
        </Button>
      </Stack>
    );
  }
  const codes = make.data.unused_codes.join("\n");
  return (
    <Notice tone="wait" title={words.say("account.codes.once")}>
      <pre className="mono" translate="no">
        {codes}
      </pre>
      <Copied value={codes} shown="" label={words.say("say.copy", { what: words.say("account.codes.name") })} />
    </Notice>
  );
}
