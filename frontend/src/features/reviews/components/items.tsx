import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { ReviewedGrant, ReviewEvidence } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Confirm } from "@/ui/confirm";
import { Empty } from "@/ui/empty";
import { Notice } from "@/ui/notice";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { useToast } from "@/ui/toasts";
import { useDecide } from "../queries";
import { ItemTable } from "./item-table";

/** The roles of a review: those to decide on first, all of them once it is closed. */
export function Items({ evidence, project }: { readonly evidence: ReviewEvidence; readonly project: string }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const isClosed = evidence.review.closed !== null;
  const [shown, setShown] = useState<"open" | "all">(isClosed ? "all" : "open");
  const [leaving, setLeaving] = useState<ReviewedGrant>();
  const [returning, setReturning] = useState<ReviewedGrant>();
  const decide = useDecide(evidence.review.id);
  const roleOf = (role: string) => words.find(`role.${role}`) ?? role;
  const rows = evidence.items.filter(({ decision }) => shown === "all" || decision === "");
  const failed = (error: Error) => { toast(explain(error), "bad"); };
  const revoke = (item: ReviewedGrant) => {
    decide.mutate({ item: item.id, decision: "revoke" }, { onSuccess: (done) => { setReturning(done.must_change_mapping ? item : undefined); }, onError: failed, onSettled: () => { setLeaving(undefined); } });
  };
  const none = evidence.items.length === 0 ? "nothing" : "done";
  const choose = <Segments label={words.say("reviews.show")} value={shown} options={(["open", "all"] as const).map((one) => ({ value: one, label: words.say(`reviews.show.${one}`) }))} onChange={(value) => { setShown(value as "open" | "all"); }} />;
  return (
    <>
      {returning && (
        <Notice tone="wait" title={words.say("reviews.mapping.title")}>
          {words.say("reviews.mapping.text", { role: roleOf(returning.role), name: returning.holder })}
        </Notice>
      )}
      <Panel title={words.say("reviews.items")} beside={choose} isFlush={rows.length > 0}>
        {rows.length === 0 ? (
          <Empty title={words.say(`reviews.${none}.title`)} text={words.say(`reviews.${none}.text`)} />
        ) : (
          <ItemTable
            rows={rows}
            project={project}
            isClosed={isClosed}
            deciding={decide.isPending ? decide.variables.item : undefined}
            onConfirm={({ id }) => { decide.mutate({ item: id, decision: "confirm" }, { onError: failed }); }}
            onRevoke={setLeaving}
          />
        )}
      </Panel>
      {leaving && (
        <Confirm
          title={words.say("reviews.revoke.title", { role: roleOf(leaving.role), name: leaving.holder })}
          text={words.say("reviews.revoke.text")}
          go={words.say("reviews.revoke.go")}
          isBusy={decide.isPending}
          onGo={() => { revoke(leaving); }}
          onClose={() => { setLeaving(undefined); }}
        />
      )}
    </>
  );
}
