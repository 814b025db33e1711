import { useParams } from "@tanstack/react-router";
import { useExplain } from "@/api/explain";
import { useProjectId } from "@/api/session";
import { dateTime, day } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { LinkButton } from "@/ui/link-button";
import { Loaded } from "@/ui/loaded";
import { Meter } from "@/ui/meter";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Row, Stack } from "@/ui/row";
import { Closing } from "./components/closing";
import { EvidencePanel } from "./components/evidence-panel";
import { Items } from "./components/items";
import { Standing } from "./components/standing";
import { useEvidence } from "./queries";
import { shareOf } from "./standing";

/** One review: what is decided so far, and each role in it to confirm or revoke. */
export function ReviewPage() {
  const words = useWords();
  const explain = useExplain();
  const project = useProjectId();
  const review: string = useParams({ strict: false, select: (facts: { review?: string }) => facts.review ?? "" });
  const evidence = useEvidence(review);
  const known = evidence.data;
  const title = known ? words.say("reviews.name", { day: day(known.review.created, words.locale) }) : words.say("settings.reviews");
  const back = (
    <LinkButton to={project === "" ? "/settings/reviews" : "/projects/$project/reviews"} params={{ project }}>
      {words.say("reviews.back")}
    </LinkButton>
  );
  return (
    <Page title={title} lead={words.say("reviews.lead")} actions={back} isWide>
      <Loaded query={evidence} explain={explain}>
        {(whole) => {
          const { confirmed, revoked, open, items } = whole;
          return (
            <Stack>
              <Panel>
                <Stack gap={3}>
                  <Row isSpread>
                    <Row gap={3}>
                      <strong>{words.say("reviews.progress", { decided: confirmed + revoked, all: items.length })}</strong>
                      <Standing review={whole.review} />
                      <span>{words.say("services.until", { moment: dateTime(whole.review.due, words.locale) })}</span>
                    </Row>
                    {whole.review.closed === null && <Closing review={review} open={open} />}
                  </Row>
                  <Meter label={words.say("reviews.progress", { decided: confirmed + revoked, all: items.length })} part={shareOf(whole)} />
                  <span>{words.say("reviews.counts", { confirmed, revoked, open })}</span>
                  {whole.review.closed !== null && <span>{words.say("reviews.closed_at", { moment: dateTime(whole.review.closed, words.locale) })}</span>}
                </Stack>
              </Panel>
              <Items key={String(whole.review.closed)} evidence={whole} project={project} />
              <EvidencePanel review={review} />
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}
