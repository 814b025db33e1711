import { useExplain } from "@/api/explain";
import type { Domain } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Copied } from "@/ui/copied";
import { Dialog } from "@/ui/dialog";
import { Facts } from "@/ui/facts";
import { Notice } from "@/ui/notice";
import { Row, Stack } from "@/ui/row";
import { useToast } from "@/ui/toasts";
import { useProve } from "../queries";

/** Shows what the domain has to show, and looks whether it does. */
export function ProveDialog({ domain, onClose }: { readonly domain: Domain; readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const prove = useProve();
  const [text, place] = [words.say("sso.domains.challenge"), words.say("sso.domains.place")];
  return (
    <Dialog title={words.say("sso.domains.prove", { domain: domain.domain })} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <Stack>
        {prove.error && <Notice tone="bad">{explain(prove.error)}</Notice>}
        <p>{words.say("sso.domains.prove.text")}</p>
        <Facts
          facts={[
            { name: text, value: <Copied value={domain.challenge} label={words.say("say.copy", { what: text })} /> },
            { name: place, value: <Copied value={domain.url} label={words.say("say.copy", { what: place })} /> },
          ]}
        />
        <Row>
          <Button tone="main" isBusy={prove.isPending} onPress={() => { prove.mutate(domain.id, { onSuccess: () => { toast(words.say("sso.domains.proved.now"), "good"); onClose(); } }); }}>
            {words.say("sso.domains.look")}
          </Button>
        </Row>
      </Stack>
    </Dialog>
  );
}
