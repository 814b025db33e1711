import { useExplain } from "@/api/explain";
import type { ServiceAccount } from "@/api/types";
import { dateTime } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Content } from "@/ui/content";
import { Copied } from "@/ui/copied";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { Row, Stack } from "@/ui/row";
import { SidePanel } from "@/ui/side-panel";
import { useHandOver, useRemoveService, useRevokeServiceToken, useRotate, useServiceTokens, useSuspendService } from "../queries";
import { IssueServiceToken } from "./issue-service-token";
import { NewKeeper } from "./new-keeper";

/** A service account with its tokens: issued with a scope, rotated with an hour's grace, revoked at once. */
export function ServicePanel({ service, onClose }: { readonly service: ServiceAccount; readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const tokens = useServiceTokens(service.id);
  const rotate = useRotate(service.id);
  const revoke = useRevokeServiceToken(service.id);
  const suspend = useSuspendService();
  const handOver = useHandOver();
  const remove = useRemoveService();
  const error = rotate.error ?? revoke.error ?? suspend.error ?? handOver.error ?? remove.error;
  return (
    <SidePanel title={<Content>{service.name}</Content>} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <Stack>
        {error && <Notice tone="bad">{explain(error)}</Notice>}
        {service.is_orphaned && <Notice tone="bad">{words.say("services.orphaned.text")}</Notice>}
        {rotate.data && (
          <Notice tone="wait" title={words.say("tokens.issued.text")}>
            <Copied value={rotate.data.token} label={words.say("say.copy", { what: words.say("tokens.value") })} />
          </Notice>
        )}
        <Loaded query={tokens} explain={explain}>
          {(known) => (
            <Stack gap={2}>
              {known.length === 0 && <p>{words.say("services.no_tokens")}</p>}
              {known.map((token) => (
                <Row key={token.id} isSpread>
                  <span>
                    <Content>{token.name}</Content> {words.say("services.until", { moment: dateTime(token.expires, words.locale) })}
                  </span>
                  <Row>
                    <Button size="small" label={words.say("services.rotate", { name: token.name })} onPress={() => { rotate.mutate(token.id); }}>
                      {words.say("services.rotate.short")}
                    </Button>
                    <Button size="small" tone="danger" label={words.say("tokens.revoke", { name: token.name })} onPress={() => { revoke.mutate(token.id); }}>
                      {words.say("tokens.column.revoke")}
                    </Button>
                  </Row>
                </Row>
              ))}
            </Stack>
          )}
        </Loaded>
        <NewKeeper key={service.keeper} service={service} isBusy={handOver.isPending} onName={(keeper) => { handOver.mutate({ service: service.id, keeper }); }} />
        {!service.is_suspended && !service.is_orphaned && <IssueServiceToken service={service.id} />}
        <Row>
          <Button onPress={() => { suspend.mutate({ service: service.id, isSuspended: !service.is_suspended }); }}>{words.say(service.is_suspended ? "people.restore.short" : "people.suspend.short")}</Button>
          <Button tone="danger" onPress={() => { remove.mutate(service.id, { onSuccess: onClose }); }}>
            {words.say("services.remove")}
          </Button>
        </Row>
      </Stack>
    </SidePanel>
  );
}
