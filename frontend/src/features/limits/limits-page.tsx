import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useExplain } from "@/api/explain";
import { projectsQuery } from "@/api/studio";
import type { Allowance } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Empty } from "@/ui/empty";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Row, Stack } from "@/ui/row";
import { LimitDialog } from "./components/limit-dialog";
import { LimitTable } from "./components/limit-table";
import { UsagePanel } from "./components/usage-panel";
import { useAllowances } from "./queries";

/** What each project may use, by whom and how much, and what was used of it today. */
export function LimitsPage() {
  const words = useWords();
  const explain = useExplain();
  const navigate = useNavigate();
  const projects = useQuery(projectsQuery);
  const named: string = useSearch({ strict: false, select: (search: { of?: string }) => search.of ?? "" });
  return (
    <Page title={words.say("settings.limits")} lead={words.say("limits.lead")} isWide>
      <Loaded query={projects} explain={explain}>
        {(known) => {
          const shown = known.find(({ id }) => id === named) ?? known[0];
          if (!shown) return <Empty title={words.say("limits.no_project.title")} text={words.say("limits.no_project.text")} />;
          return (
            <Stack>
              <Row>
                <Choice label={words.say("limits.project")} value={shown.id} options={known.map(({ id, name }) => ({ value: id, label: name }))} onChange={(of) => void navigate({ to: "/settings/limits", search: { of } })} />
              </Row>
              <OfProject key={shown.id} project={shown.id} />
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}

function OfProject({ project }: { readonly project: string }) {
  const words = useWords();
  const explain = useExplain();
  const allowances = useAllowances(project);
  const [opened, setOpened] = useState<Allowance | "new">();
  const add = (
    <Button tone="main" icon="plus" onPress={() => { setOpened("new"); }}>
      {words.say("limits.new")}
    </Button>
  );
  return (
    <Stack>
      <Loaded query={allowances} explain={explain}>
        {(known) =>
          known.length === 0 ? (
            <Empty title={words.say("limits.empty.title")} text={words.say("limits.empty.text")} action={add} />
          ) : (
            <Stack gap={2}>
              <Panel title={words.say("limits.table")} beside={add} isFlush>
                <LimitTable project={project} allowances={known} onOpen={setOpened} />
              </Panel>
              <small>{words.say("limits.rule")}</small>
            </Stack>
          )
        }
      </Loaded>
      <UsagePanel project={project} />
      {opened !== undefined && <LimitDialog project={project} allowance={opened === "new" ? undefined : opened} onClose={() => { setOpened(undefined); }} />}
    </Stack>
  );
}
