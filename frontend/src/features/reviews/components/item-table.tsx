import { useQuery } from "@tanstack/react-query";
import { useSession } from "@/api/session";
import { projectsQuery } from "@/api/studio";
import type { ReviewedGrant } from "@/api/types";
import { dateTime } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { Row } from "@/ui/row";
import { StateMark } from "@/ui/state-mark";
import { useHeld, useNames } from "../queries";

interface Props {
  readonly rows: readonly ReviewedGrant[];
  readonly project: string;
  readonly isClosed: boolean;
  /** The one whose decision is under way. */
  readonly deciding: string | undefined;
  readonly onConfirm: (item: ReviewedGrant) => void;
  readonly onRevoke: (item: ReviewedGrant) => void;
}

/** Who holds which role, where, until when and from whom; and what was decided, or the way to decide. */
export function ItemTable({ rows, project, isClosed, deciding, onConfirm, onRevoke }: Props) {
  const words = useWords();
  const session = useSession();
  const names = useNames(project);
  const held = useHeld(project);
  const projects = new Map([...(session?.projects ?? []), ...(useQuery({ ...projectsQuery, enabled: project === "" }).data ?? [])].map(({ id, name }) => [id, name]));
  const roleOf = (role: string) => words.find(`role.${role}`) ?? role;
  const given = ({ grant }: ReviewedGrant) => {
    const found = held?.get(grant);
    if (!found) return held ? words.say("reviews.gone") : null;
    const by = found.origin === "hand" && found.granted_by !== null ? names.get(found.granted_by) : undefined;
    return by === undefined ? words.say(`grants.origin.${found.origin}`) : <Content>{by}</Content>;
  };
  const decision = (item: ReviewedGrant) => {
    if (item.decision !== "") {
      const by = names.get(item.decided_by ?? "") ?? "–";
      return (
        <Row>
          <StateMark tone={item.decision === "confirm" ? "good" : "bad"}>{words.say(`reviews.decision.${item.decision}`)}</StateMark>
          {item.decided !== null && <small>{words.say("reviews.decision.by", { name: by, moment: dateTime(item.decided, words.locale) })}</small>}
        </Row>
      );
    }
    if (isClosed) return <StateMark tone="wait">{words.say("reviews.state.open")}</StateMark>;
    if (item.holder_id === session?.person.id) return <small>{words.say("reviews.yours")}</small>;
    const facts = { name: item.holder, role: roleOf(item.role) };
    return (
      <Row>
        <Button size="small" icon="check" isBusy={deciding === item.id} label={words.say("reviews.confirm", facts)} onPress={() => { onConfirm(item); }}>
          {words.say("reviews.confirm.short")}
        </Button>
        <Button size="small" tone="danger" isOff={deciding === item.id} label={words.say("reviews.revoke", facts)} onPress={() => { onRevoke(item); }}>
          {words.say("reviews.revoke.short")}
        </Button>
      </Row>
    );
  };
  const columns: readonly Column<ReviewedGrant>[] = [
    {
      key: "who",
      title: words.say("reviews.column.who"),
      cell: ({ holder, is_group: isGroup }) => (
        <>
          <Content>{holder}</Content> {isGroup && <small>{words.say("reviews.group")}</small>}
        </>
      ),
    },
    { key: "role", title: words.say("reviews.column.role"), cell: ({ role }) => <Content>{roleOf(role)}</Content> },
    { key: "where", title: words.say("grants.column.where"), cell: ({ project: at }) => (at === null ? words.say("grants.whole_studio") : <Content>{projects.get(at) ?? at}</Content>) },
    { key: "until", title: words.say("reviews.column.until"), cell: ({ expires }) => (expires === null ? words.say("grants.for_good") : <Content>{dateTime(expires, words.locale)}</Content>) },
    { key: "given", title: words.say("reviews.column.given"), cell: given },
    { key: "decision", title: words.say("reviews.column.decision"), cell: decision },
  ];
  return <DataTable label={words.say("reviews.items")} rows={rows} rowKey={({ id }) => id} columns={columns} />;
}
