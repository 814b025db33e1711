import type { ApiToken } from "@/api/types";
import { ago, dateTime } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Content } from "@/ui/content";
import type { Column } from "@/ui/data-table";

/** What every list of tokens shows of one, besides whose it is. */
export function useTokenColumns(projects: ReadonlyMap<string, string>): readonly Column<ApiToken>[] {
  const words = useWords();
  return [
    { key: "name", title: words.say("tokens.column.name"), cell: ({ name }) => <Content>{name}</Content> },
    { key: "kind", title: words.say("tokens.column.kind"), cell: ({ kind }) => words.say(`tokens.kind.${kind}`) },
    { key: "project", title: words.say("tokens.column.project"), cell: ({ project }) => (!project ? words.say("say.all") : <Content>{projects.get(project) ?? project}</Content>) },
    {
      key: "scope",
      title: words.say("tokens.column.scope"),
      cell: ({ scope }) =>
        scope === undefined || scope.length === 0 ? (
          words.say("tokens.scope.wide")
        ) : (
          <span title={scope.join(", ")} data-content>
            {words.count("tokens.scope.count", scope.length)}
          </span>
        ),
    },
    { key: "expires", title: words.say("tokens.column.expires"), cell: ({ expires }) => <Content>{dateTime(expires, words.locale)}</Content> },
    { key: "used", title: words.say("tokens.column.used"), cell: (token) => (token.last_used === null ? words.say("tokens.never") : <Content>{ago(token.last_used, words.locale)}</Content>) },
  ];
}
