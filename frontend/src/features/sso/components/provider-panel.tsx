import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { Provider } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Content } from "@/ui/content";
import { FileField } from "@/ui/file-field";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { Row, Stack } from "@/ui/row";
import { SidePanel } from "@/ui/side-panel";
import { useChangeProvider, useOurSide, useRefresh, useRemoveProvider, useTest } from "../queries";
import { standing } from "../standing";
import { CertificateNotice } from "./certificate-notice";
import { ChangeForm } from "./change-form";
import { Mappings } from "./mappings";
import { OurValues } from "./our-values";

/** One provider: tested, enabled, changed, its metadata read anew, what its groups give, and what is entered there. */
export function ProviderPanel({ provider, onClose }: { readonly provider: Provider; readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const ours = useOurSide(provider.id);
  const test = useTest();
  const change = useChangeProvider(provider.id);
  const refresh = useRefresh(provider.id);
  const remove = useRemoveProvider();
  const [isLeaving, setIsLeaving] = useState(false);
  const error = test.error ?? change.error ?? refresh.error ?? remove.error;
  const is = standing(provider);
  return (
    <SidePanel title={<Content>{provider.name}</Content>} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <Stack gap={5}>
        {error && <Notice tone="bad">{explain(error)}</Notice>}
        {!provider.is_tested_as_it_stands && <Notice tone="wait">{words.say(provider.is_enabled ? "sso.retest.text" : "sso.untested.text")}</Notice>}
        <CertificateNotice provider={provider} />
        <Row>
          <Button tone={is === "untested" ? "main" : "quiet"} isBusy={test.isPending} onPress={() => { test.mutate(provider.id, { onSuccess: ({ url }) => { window.location.assign(url); } }); }}>
            {words.say("sso.test")}
          </Button>
          <Button tone={is === "tested" ? "main" : "quiet"} isBusy={change.isPending} isOff={is === "untested"} onPress={() => { change.mutate({ is_enabled: !provider.is_enabled }); }}>
            {words.say(provider.is_enabled ? "sso.disable" : "sso.enable")}
          </Button>
        </Row>
        <ChangeForm provider={provider} />
        <Mappings provider={provider.id} />
        <Stack gap={3}>
          <h3>{words.say("sso.ours.title")}</h3>
          <Loaded query={ours} explain={explain}>
            {(known) => <OurValues ours={known} />}
          </Loaded>
        </Stack>
        <Stack gap={3}>
          <h3>{words.say("sso.metadata.title")}</h3>
          {provider.metadata_url !== "" && <Content isMono>{provider.metadata_url}</Content>}
          <FileField label={words.say("sso.metadata_file")} placeholder={words.say("sso.metadata_file.choose")} accept=".xml,.json" onText={(text) => { if (text !== "") refresh.mutate(text); }} />
          <Row>
            <Button isBusy={refresh.isPending} isOff={provider.metadata_url === ""} onPress={() => { refresh.mutate(""); }}>
              {words.say("sso.refresh")}
            </Button>
            <Button tone="danger" onPress={() => { setIsLeaving(true); }}>
              {words.say("sso.remove")}
            </Button>
          </Row>
        </Stack>
      </Stack>
      {isLeaving && <Confirm title={words.say("sso.remove.title", { name: provider.name })} text={words.say("sso.remove.text")} go={words.say("sso.remove")} isBusy={remove.isPending} onGo={() => { remove.mutate(provider.id, { onSuccess: onClose, onSettled: () => { setIsLeaving(false); } }); }} onClose={() => { setIsLeaving(false); }} />}
    </SidePanel>
  );
}
