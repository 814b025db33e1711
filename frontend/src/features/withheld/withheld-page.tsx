import { useNavigate, useSearch } from "@tanstack/react-router";
import { useProjectId } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Page } from "@/ui/page";
import { Pictures } from "./components/pictures";
import { Requests } from "./components/requests";
import type { ReviewSearch } from "./search";

export function WithheldPage() {
  const words = useWords();
  const project = useProjectId();
  const search: ReviewSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  return (
    <Page isWide title={words.say("withheld.title")} lead={words.say("withheld.lead")}>
      <Pictures project={project} />
      <Requests project={project} search={search} onChange={(next) => void navigate({ to: ".", search: next })} />
    </Page>
  );
}
