import { useExplain } from "@/api/explain";
import type { Health } from "@/api/types";
import { fileSize } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Content } from "@/ui/content";
import { DataTable } from "@/ui/data-table";
import { Empty } from "@/ui/empty";
import { Facts } from "@/ui/facts";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { StateMark } from "@/ui/state-mark";
import { useHealth } from "./queries";

const PARTS = ["database", "broker", "keeper"] as const;

/** How the platform is: what answers, how much waits, and what runs here; nothing of anybody. */
export function HealthPage() {
  const words = useWords();
  const explain = useExplain();
  const health = useHealth();
  return (
    <Page title={words.say("settings.health")} lead={words.say("health.lead")}>
      <Loaded query={health} explain={explain}>
        {(known) => (
          <>
            <Panel title={words.say("health.parts")}>
              <Facts
                facts={[
                  ...PARTS.map((part) => ({ name: words.say(`health.${part}`), value: <StateMark tone={known[part] ? "good" : "bad"}>{words.say(known[part] ? "health.answers" : "health.silent")}</StateMark> })),
                  { name: words.say("health.disk"), value: <Content>{fileSize(known.disk_free_bytes, words.locale)}</Content> },
                  { name: words.say("health.workers"), value: <Content>{known.workers.length === 0 ? "0" : known.workers.join(", ")}</Content> },
                ]}
              />
            </Panel>
            <Queues queues={known.queues} />
            <Panel title={words.say("health.versions")}>
              <Facts facts={Object.entries(known.versions).map(([name, value]) => ({ name, isRaw: true, value: <Content isMono>{value}</Content> }))} />
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Queues({ queues }: { readonly queues: Health["queues"] }) {
  const words = useWords();
  if (queues.length === 0) return <Empty title={words.say("health.idle.title")} text={words.say("health.idle.text")} />;
  return (
    <Panel title={words.say("health.queues")} isFlush>
      <DataTable
        label={words.say("health.queues")}
        rows={queues}
        rowKey={({ kind }) => kind}
        columns={[
          { key: "kind", title: words.say("health.column.kind"), cell: ({ kind }) => <Content>{kind}</Content> },
          { key: "waiting", title: words.say("health.column.waiting"), isNumber: true, cell: ({ waiting }) => <Content>{String(waiting)}</Content> },
          { key: "under_way", title: words.say("health.column.under_way"), isNumber: true, cell: ({ under_way: count }) => <Content>{String(count)}</Content> },
        ]}
      />
    </Panel>
  );
}
