import { useNavigate, useSearch } from "@tanstack/react-router";
import { useExplain } from "@/api/explain";
import { useMay, useProjectId } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/empty";
import { LinkButton } from "@/ui/link-button";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Detail } from "./components/detail";
import { Filters } from "./components/filters";
import { Wall } from "./components/wall";
import { useAssets } from "./queries";
import { type GallerySearch, isFiltered } from "./search";

export function GalleryPage() {
  const words = useWords();
  const explain = useExplain();
  const project = useProjectId();
  const mayCreate = useMay("generation.create");
  const search: GallerySearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const assets = useAssets(project, search);
  const go = (next: GallerySearch) => void navigate({ to: ".", search: next });
  const { asset, ...filters } = search;
  const nothing = isFiltered(search) ? (
    <Empty title={words.say("gallery.none.title")} text={words.say("gallery.none.text")} action={<Button onPress={() => { go({}); }}>{words.say("gallery.filter.clear")}</Button>} />
  ) : (
    <Empty title={words.say("gallery.empty.title")} text={words.say("gallery.empty.text")} action={mayCreate ? <LinkButton tone="main" to="/projects/$project/create" params={{ project }}>{words.say("gallery.empty.go")}</LinkButton> : undefined} />
  );
  return (
    <Page isWide title={words.say("gallery.title")} lead={words.say("gallery.lead")}>
      <Filters project={project} search={filters} onChange={go} />
      <Loaded query={assets} explain={explain} lines={2} height={220}>
        {({ pages }) => {
          const shown = pages.flatMap((page) => page.results);
          return shown.length === 0 ? nothing : <Wall project={project} assets={shown} onOpen={(id) => { go({ ...filters, asset: id }); }} />;
        }}
      </Loaded>
      {assets.hasNextPage && (
        <div>
          <Button isBusy={assets.isFetchingNextPage} onPress={() => void assets.fetchNextPage()}>
            {words.say("say.more")}
          </Button>
        </div>
      )}
      <Detail project={project} id={asset} onClose={() => { go(filters); }} />
    </Page>
  );
}
