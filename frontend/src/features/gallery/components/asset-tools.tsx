import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useReasons } from "@/api/reasons";
import { useMay } from "@/api/session";
import type { Asset, Replay } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { LinkButton } from "@/ui/link-button";
import { Notice } from "@/ui/notice";
import { Row, Stack } from "@/ui/row";
import { useToast } from "@/ui/toasts";
import { isTrial } from "../purpose";
import { useDownload, useReplay, useWithdraw } from "../queries";

interface Props {
  readonly project: string;
  readonly asset: Asset;
  readonly onGone: () => void;
}

export function AssetTools({ project, asset, onGone }: Props) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const [mayDownload, mayReplay, mayWithdraw, mayCreate] = [useMay("asset.download"), useMay("replay.ask"), useMay("asset.withdraw"), useMay("generation.create")];
  const [isAsking, setIsAsking] = useState(false);
  const download = useDownload(project);
  const withdraw = useWithdraw(project);
  const { ask, replay, isWaiting } = useReplay(project, asset.id);
  const close = () => { setIsAsking(false); };
  const failed = (error: Error) => { toast(explain(error), "bad"); };
  return (
    <Stack gap={3}>
      <Row>
        {mayCreate && (
          <LinkButton tone="main" icon="create" to="/projects/$project/create" params={{ project }} search={{ recall: asset.id }}>
            {words.say("gallery.recall")}
          </LinkButton>
        )}
        {mayDownload && !isTrial(asset) && (
          <Button icon="exit" isBusy={download.isPending} onPress={() => { download.mutate(asset.id, { onSuccess: () => { toast(words.say("gallery.downloaded"), "good"); }, onError: failed }); }}>
            {words.say("gallery.download")}
          </Button>
        )}
        {mayReplay && (
          <Button icon="again" isBusy={isWaiting} onPress={() => { ask.mutate(undefined, { onError: failed }); }}>
            {words.say("gallery.replay")}
          </Button>
        )}
        {mayWithdraw && (
          <Button tone="plain" icon="trash" onPress={() => { setIsAsking(true); }}>
            {words.say("gallery.withdraw")}
          </Button>
        )}
      </Row>
      {isWaiting && <Notice tone="news">{words.say("gallery.replay.waiting")}</Notice>}
      {replay && !isWaiting && <ReplayOutcome replay={replay} />}
      <Dialog title={words.say("gallery.withdraw.title")} closeLabel={words.say("say.close")} isOpen={isAsking} onClose={close}>
        <p>{words.say("gallery.withdraw.text")}</p>
        <Row>
          <Button tone="danger" isBusy={withdraw.isPending} onPress={() => { withdraw.mutate(asset.id, { onSuccess: () => { toast(words.say("gallery.withdraw.done"), "good"); close(); onGone(); }, onError: failed }); }}>
            {words.say("gallery.withdraw")}
          </Button>
          <Button onPress={close}>{words.say("say.cancel")}</Button>
        </Row>
      </Dialog>
    </Stack>
  );
}

function ReplayOutcome({ replay }: { readonly replay: Replay }) {
  const words = useWords();
  const { failure } = useReasons();
  if (replay.state !== "finished") return <Notice tone="bad" title={words.say("gallery.replay.failed")}>{replay.code !== "" && failure(replay.code)}</Notice>;
  if (replay.equal) return <Notice tone="good" title={words.say("gallery.replay.equal")} />;
  return (
    <Notice tone="wait" title={words.say("gallery.replay.differs", { difference: replay.largest_difference ?? "?" })}>
      {replay.differing_facts.length > 0 && words.say("gallery.replay.facts", { facts: replay.differing_facts.join(", ") })}
    </Notice>
  );
}
