import { useExplain } from "@/api/explain";
import type { Generation } from "@/api/types";
import { dateTime } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import type { Words } from "@/lib/words/words";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/choice";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { Loaded } from "@/ui/loaded";
import { Panel } from "@/ui/panel";
import { StateMark, type Tone } from "@/ui/state-mark";
import { useRequests } from "../queries";
import { type ReviewSearch, STATES, readSearch } from "../search";
import styles from "../withheld.module.css";
import { Reasons } from "./reasons";

const TONES: Readonly<Record<Generation["state"], Tone>> = { queued: "wait", running: "news", completed: "good", withheld: "bad", refused: "bad", failed: "bad", cancelled: "still" };

interface Props {
  readonly project: string;
  readonly search: ReviewSearch;
  readonly onChange: (search: ReviewSearch) => void;
}

export function Requests({ project, search, onChange }: Props) {
  const words = useWords();
  const explain = useExplain();
  const requests = useRequests(project, search);
  const options = [{ value: "", label: words.say("withheld.requests.any") }, ...STATES.map((state) => ({ value: state, label: words.say(`state.${state}`) }))];
  const filter = <Choice isLabelHidden label={words.say("withheld.requests.state")} value={search.state ?? ""} options={options} onChange={(state) => { onChange(readSearch({ state })); }} />;
  return (
    <Panel title={words.say("withheld.requests")} beside={filter}>
      <Loaded query={requests} explain={explain}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.results);
          return rows.length === 0 ? <p className={styles.faint}>{words.say("withheld.requests.none")}</p> : <DataTable label={words.say("withheld.requests")} columns={columnsIn(words)} rows={rows} rowKey={({ id }) => id} />;
        }}
      </Loaded>
      {requests.hasNextPage && (
        <Button isBusy={requests.isFetchingNextPage} onPress={() => void requests.fetchNextPage()}>
          {words.say("say.more")}
        </Button>
      )}
    </Panel>
  );
}

function columnsIn(words: Words): readonly Column<Generation>[] {
  return [
    { key: "when", title: words.say("withheld.requests.when"), cell: ({ created }) => <span translate="no">{dateTime(created, words.locale)}</span> },
    { key: "person", title: words.say("withheld.requests.person"), cell: ({ person }) => <Content>{person}</Content> },
    { key: "prompt", title: words.say("withheld.requests.prompt"), cell: ({ prompt }) => <Content>{prompt}</Content> },
    { key: "state", title: words.say("withheld.requests.state"), cell: ({ state }) => <StateMark tone={TONES[state]}>{words.say(`state.${state}`)}</StateMark> },
    { key: "reasons", title: words.say("withheld.requests.reasons"), cell: ({ reasons }) => <Reasons reasons={reasons} /> },
  ];
}
