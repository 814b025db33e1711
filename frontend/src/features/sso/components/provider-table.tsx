import type { Provider } from "@/api/types";
import { dateTime } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Content } from "@/ui/content";
import { type Column, DataTable } from "@/ui/data-table";
import { StateMark } from "@/ui/state-mark";
import { standing } from "../standing";

const TONES = { enabled: "good", tested: "news", untested: "wait" } as const;

export function ProviderTable({ providers, onOpen }: { readonly providers: readonly Provider[]; readonly onOpen: (provider: string) => void }) {
  const words = useWords();
  const columns: readonly Column<Provider>[] = [
    {
      key: "name",
      title: words.say("sso.name"),
      cell: (provider) => (
        <Button size="small" tone="plain" onPress={() => { onOpen(provider.id); }}>
          <Content>{provider.name}</Content>
        </Button>
      ),
    },
    { key: "protocol", title: words.say("sso.protocol"), cell: ({ protocol }) => words.say(`sso.protocol.${protocol}`) },
    { key: "state", title: words.say("sso.column.state"), cell: (provider) => <StateMark tone={TONES[standing(provider)]}>{words.say(`sso.state.${standing(provider)}`)}</StateMark> },
    { key: "joining", title: words.say("sso.column.joining"), cell: ({ is_joining }) => words.say(is_joining ? "sso.yes" : "sso.no") },
    {
      key: "certificate",
      title: words.say("sso.column.certificate"),
      cell: ({ certificate_ends: ends, certificate_warning: warning }) => {
        if (ends === null) return words.say("say.none");
        const moment = dateTime(ends, words.locale);
        return warning === "" ? <Content>{moment}</Content> : <StateMark tone={warning === "past" ? "bad" : "wait"}>{words.say(`sso.certificate.${warning}`, { moment })}</StateMark>;
      },
    },
  ];
  return <DataTable label={words.say("settings.sso")} rows={providers} rowKey={({ id }) => id} columns={columns} />;
}
