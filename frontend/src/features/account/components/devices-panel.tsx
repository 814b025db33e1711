import { useState } from "react";
import { useDevices, useEndDevice, useEndOthers } from "@/api/devices";
import { useExplain } from "@/api/explain";
import type { Device } from "@/api/types";
import { ago, dateTime } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { Loaded } from "@/ui/loaded";
import { Panel } from "@/ui/panel";
import { StateMark } from "@/ui/state-mark";
import { useToast } from "@/ui/toasts";

/** Where one is signed in, and ending it there. */
export function DevicesPanel() {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const devices = useDevices();
  const end = useEndDevice();
  const endOthers = useEndOthers();
  const [isAsking, setIsAsking] = useState(false);
  const told = { onSuccess: () => { toast(words.say("account.devices.ended"), "good"); }, onError: (error: Error) => { toast(explain(error), "bad"); } };
  const columns: readonly Column<Device>[] = [
    { key: "agent", title: words.say("account.devices.column.device"), cell: ({ agent }) => (agent ? <Content>{agent}</Content> : words.say("account.devices.unnamed")) },
    { key: "address", title: words.say("account.devices.column.address"), cell: ({ address }) => <Content isMono>{address ?? ""}</Content> },
    { key: "shown", title: words.say("account.devices.column.shown"), cell: ({ shown }) => <Shown ways={shown} /> },
    { key: "created", title: words.say("account.devices.column.since"), cell: ({ created }) => <Content>{dateTime(created, words.locale)}</Content> },
    { key: "seen", title: words.say("account.column.used"), cell: ({ seen }) => <Content>{ago(seen, words.locale)}</Content> },
    {
      key: "end",
      title: words.say("account.devices.column.end"),
      cell: (device) =>
        device.current ? (
          <StateMark tone="good">{words.say("account.devices.this")}</StateMark>
        ) : (
          <Button size="small" label={words.say("account.devices.end", { device: device.agent })} onPress={() => { end.mutate(device.id, told); }}>
            {words.say("account.devices.end.short")}
          </Button>
        ),
    },
  ];
  const others = (devices.data ?? []).some(({ current }) => !current) && (
    <Button size="small" tone="danger" onPress={() => { setIsAsking(true); }}>
      {words.say("account.devices.end_others")}
    </Button>
  );
  return (
    <Panel title={words.say("account.devices.title")} beside={others}>
      <Loaded query={devices} explain={explain}>
        {(known) => <DataTable label={words.say("account.devices.title")} rows={known} rowKey={({ id }) => id} columns={columns} />}
      </Loaded>
      {isAsking && (
        <Confirm
          title={words.say("account.devices.end_others.title")}
          text={words.say("account.devices.end_others.text")}
          go={words.say("account.devices.end_others.go")}
          isBusy={endOthers.isPending}
          onGo={() => { endOthers.mutate(undefined, { ...told, onSettled: () => { setIsAsking(false); } }); }}
          onClose={() => { setIsAsking(false); }}
        />
      )}
    </Panel>
  );
}

function Shown({ ways }: { readonly ways: Device["shown"] }) {
  const words = useWords();
  return <>{ways.map((way) => words.say(`account.shown.${way}`)).join(", ")}</>;
}
