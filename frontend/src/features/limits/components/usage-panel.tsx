import { useExplain } from "@/api/explain";
import type { Usage } from "@/api/types";
import { duration } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { Loaded } from "@/ui/loaded";
import { Panel } from "@/ui/panel";
import { useUsage } from "../queries";

type Used = Usage["results"][number];

/** What each person has used of the project today. */
export function UsagePanel({ project }: { readonly project: string }) {
  const words = useWords();
  const explain = useExplain();
  const usage = useUsage(project);
  const numbers = new Intl.NumberFormat(words.locale);
  const columns: readonly Column<Used>[] = [
    { key: "who", title: words.say("limits.column.who"), cell: ({ name }) => <Content>{name}</Content> },
    { key: "pictures", title: words.say("limits.usage.pictures"), isNumber: true, cell: ({ pictures }) => <Content>{numbers.format(pictures)}</Content> },
    { key: "device", title: words.say("limits.usage.device"), isNumber: true, cell: ({ device_seconds: seconds }) => <Content>{duration(seconds)}</Content> },
  ];
  const isShown = (usage.data?.results.length ?? 0) > 0;
  return (
    <Panel title={words.say("limits.usage")} isFlush={isShown}>
      <Loaded query={usage} explain={explain} lines={1}>
        {({ results }) => (results.length === 0 ? <p>{words.say("limits.usage.none")}</p> : <DataTable label={words.say("limits.usage")} rows={results} rowKey={({ person }) => person} columns={columns} />)}
      </Loaded>
    </Panel>
  );
}
