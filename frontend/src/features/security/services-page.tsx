import { useState } from "react";
import { useExplain } from "@/api/explain";
import type { ServiceAccount } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { Empty } from "@/ui/empty";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { StateMark } from "@/ui/state-mark";
import { NewService } from "./components/new-service";
import { ServicePanel } from "./components/service-panel";
import { useServices } from "./queries";

/** Programs that act in the studio by themselves, each with somebody who answers for it. */
export function ServicesPage() {
  const words = useWords();
  const explain = useExplain();
  const services = useServices();
  const [isAdding, setIsAdding] = useState(false);
  const [opened, setOpened] = useState<string>();
  const columns: readonly Column<ServiceAccount>[] = [
    {
      key: "name",
      title: words.say("people.column.name"),
      cell: (service) => (
        <Button size="small" tone="plain" onPress={() => { setOpened(service.id); }}>
          <Content>{service.name}</Content>
        </Button>
      ),
    },
    { key: "keeper", title: words.say("services.column.keeper"), cell: ({ keeper_name: name }) => <Content>{name}</Content> },
    {
      key: "state",
      title: words.say("services.column.state"),
      cell: (service) => (service.is_suspended ? <StateMark tone="still">{words.say("services.suspended")}</StateMark> : service.is_orphaned ? <StateMark tone="bad">{words.say("services.orphaned")}</StateMark> : <StateMark tone="good">{words.say("services.active")}</StateMark>),
    },
  ];
  const add = (
    <Button tone="main" icon="plus" onPress={() => { setIsAdding(true); }}>
      {words.say("services.new")}
    </Button>
  );
  const shown = services.data?.find(({ id }) => id === opened);
  return (
    <Page title={words.say("settings.services")} lead={words.say("services.lead")} actions={add}>
      <Loaded query={services} explain={explain}>
        {(known) =>
          known.length === 0 ? (
            <Empty title={words.say("services.empty.title")} text={words.say("services.empty.text")} />
          ) : (
            <Panel isFlush>
              <DataTable label={words.say("settings.services")} rows={known} rowKey={({ id }) => id} columns={columns} />
            </Panel>
          )
        }
      </Loaded>
      {shown && <ServicePanel service={shown} onClose={() => { setOpened(undefined); }} />}
      {isAdding && <NewService onClose={() => { setIsAdding(false); }} />}
    </Page>
  );
}
