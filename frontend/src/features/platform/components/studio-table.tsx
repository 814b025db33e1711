import type { RegisteredStudio } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { Row } from "@/ui/row";
import { StateMark } from "@/ui/state-mark";

interface Props {
  readonly studios: readonly RegisteredStudio[];
  readonly onLimit: (studio: RegisteredStudio) => void;
  readonly onSuspend: (studio: RegisteredStudio) => void;
  readonly onRestore: (studio: RegisteredStudio) => void;
}

export function StudioTable({ studios, onLimit, onSuspend, onRestore }: Props) {
  const words = useWords();
  const limit = (value: number | null) => (value === null ? words.say("studios.no_limit") : <Content>{new Intl.NumberFormat(words.locale).format(value)}</Content>);
  const columns: readonly Column<RegisteredStudio>[] = [
    { key: "name", title: words.say("people.column.name"), cell: ({ name }) => <Content>{name}</Content> },
    { key: "slug", title: words.say("studios.column.address"), cell: ({ slug }) => <Content isMono>{slug}</Content> },
    { key: "state", title: words.say("sso.column.state"), cell: ({ suspended }) => <StateMark tone={suspended === null ? "good" : "still"}>{words.say(suspended === null ? "studios.active" : "services.suspended")}</StateMark> },
    { key: "pictures", title: words.say("studios.column.pictures"), isNumber: true, cell: ({ pictures_a_day: pictures }) => limit(pictures) },
    { key: "device", title: words.say("studios.column.device"), isNumber: true, cell: ({ device_seconds_a_day: seconds }) => limit(seconds) },
    {
      key: "act",
      title: words.say("people.column.act"),
      cell: (studio) => (
        <Row>
          <Button size="small" label={words.say("studios.quota", { name: studio.name })} onPress={() => { onLimit(studio); }}>
            {words.say("studios.quota.short")}
          </Button>
          {studio.suspended === null ? (
            <Button size="small" tone="plain" label={words.say("studios.suspend", { name: studio.name })} onPress={() => { onSuspend(studio); }}>
              {words.say("people.suspend.short")}
            </Button>
          ) : (
            <Button size="small" label={words.say("people.restore", { name: studio.name })} onPress={() => { onRestore(studio); }}>
              {words.say("people.restore.short")}
            </Button>
          )}
        </Row>
      ),
    },
  ];
  return <DataTable label={words.say("settings.studios")} rows={studios} rowKey={({ id }) => id} columns={columns} />;
}
