import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useMay, useProject, useProjectId } from "@/api/session";
import { projectsQuery } from "@/api/studio";
import type { AccessReview } from "@/api/types";
import { dateTime, day } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { Empty } from "@/ui/empty";
import { LinkButton } from "@/ui/link-button";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { OpenDialog } from "./components/open-dialog";
import { Standing } from "./components/standing";
import { useNames, useReviews } from "./queries";

/** The access reviews of the studio, or of the project that the address names. */
export function ReviewsPage() {
  const words = useWords();
  const explain = useExplain();
  const project = useProjectId();
  const here = useProject()?.name;
  const mayReview = useMay("access.review");
  const mayExplain = useMay("access.explain");
  const reviews = useReviews(project);
  const names = useNames(project);
  const projects = new Map((useQuery({ ...projectsQuery, enabled: project === "" }).data ?? []).map(({ id, name }) => [id, name]));
  const [isOpening, setIsOpening] = useState(false);
  const to = project === "" ? "/settings/reviews/$review" : "/projects/$project/reviews/$review";
  const columns: readonly Column<AccessReview>[] = [
    {
      key: "review",
      title: words.say("reviews.column.review"),
      cell: ({ id, created }) => (
        <LinkButton to={to} params={{ project, review: id }} tone="plain" size="small">
          {words.say("reviews.name", { day: day(created, words.locale) })}
        </LinkButton>
      ),
    },
    { key: "where", title: words.say("reviews.column.where"), cell: ({ project: of }) => (of === null ? words.say("grants.whole_studio") : <Content>{projects.get(of) ?? here ?? of}</Content>) },
    { key: "by", title: words.say("reviews.column.opened_by"), cell: ({ opened_by: by }) => <Content>{names.get(by) ?? "–"}</Content> },
    { key: "due", title: words.say("reviews.column.due"), cell: ({ due }) => <Content>{dateTime(due, words.locale)}</Content> },
    { key: "state", title: words.say("reviews.column.state"), cell: (review) => <Standing review={review} /> },
  ];
  const actions = (
    <>
      {mayExplain && project !== "" && (
        <LinkButton to="/projects/$project/explain" params={{ project }}>
          {words.say("reviews.explain")}
        </LinkButton>
      )}
      {mayReview && (
        <Button tone="main" icon="plus" onPress={() => { setIsOpening(true); }}>
          {words.say("reviews.new")}
        </Button>
      )}
    </>
  );
  return (
    <Page title={words.say("settings.reviews")} lead={words.say("reviews.lead")} actions={actions}>
      <Loaded query={reviews} explain={explain}>
        {(known) =>
          known.length === 0 ? (
            <Empty title={words.say("reviews.empty.title")} text={words.say("reviews.empty.text")} />
          ) : (
            <Panel isFlush>
              <DataTable label={words.say("settings.reviews")} rows={known} rowKey={({ id }) => id} columns={columns} />
            </Panel>
          )
        }
      </Loaded>
      {isOpening && <OpenDialog project={project} onClose={() => { setIsOpening(false); }} />}
    </Page>
  );
}
