import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { ProvisioningToken } from "@/api/types";
import { ago, dateTime } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { Row } from "@/ui/row";
import { StateMark } from "@/ui/state-mark";
import { useToast } from "@/ui/toasts";
import { useRevoke } from "../queries";
import { tokenState } from "../token-state";
import { RotateDialog } from "./rotate-dialog";

const TONES = { active: "good", revoked: "still", expired: "bad" } as const;

/** The directory's tokens, ended ones too; never their values. */
export function TokenTable({ tokens }: { readonly tokens: readonly ProvisioningToken[] }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const revoke = useRevoke();
  const [rotating, setRotating] = useState<ProvisioningToken>();
  const [leaving, setLeaving] = useState<ProvisioningToken>();
  const close = () => { setLeaving(undefined); };
  const columns: readonly Column<ProvisioningToken>[] = [
    { key: "name", title: words.say("tokens.column.name"), cell: ({ name }) => <Content>{name}</Content> },
    { key: "state", title: words.say("sso.column.state"), cell: (token) => <StateMark tone={TONES[tokenState(token)]}>{words.say(`provisioning.state.${tokenState(token)}`)}</StateMark> },
    { key: "expires", title: words.say("tokens.column.expires"), cell: ({ expires }) => <Content>{dateTime(expires, words.locale)}</Content> },
    { key: "used", title: words.say("tokens.column.used"), cell: ({ last_used: used }) => (used === null ? words.say("tokens.never") : <Content>{ago(used, words.locale)}</Content>) },
    {
      key: "act",
      title: words.say("people.column.act"),
      cell: (token) =>
        tokenState(token) === "active" && (
          <Row>
            <Button size="small" label={words.say("services.rotate", { name: token.name })} onPress={() => { setRotating(token); }}>
              {words.say("services.rotate.short")}
            </Button>
            <Button size="small" tone="danger" label={words.say("tokens.revoke", { name: token.name })} onPress={() => { setLeaving(token); }}>
              {words.say("tokens.column.revoke")}
            </Button>
          </Row>
        ),
    },
  ];
  return (
    <>
      <DataTable label={words.say("provisioning.tokens")} rows={tokens} rowKey={({ id }) => id} columns={columns} />
      {rotating && <RotateDialog token={rotating} onClose={() => { setRotating(undefined); }} />}
      {leaving && <Confirm title={words.say("tokens.revoke.title", { name: leaving.name })} text={words.say("provisioning.revoke.text")} go={words.say("tokens.revoke.go")} isBusy={revoke.isPending} onGo={() => { revoke.mutate(leaving.id, { onSuccess: () => { toast(words.say("tokens.revoked"), "good"); }, onError: (error) => { toast(explain(error), "bad"); }, onSettled: close }); }} onClose={close} />}
    </>
  );
}
