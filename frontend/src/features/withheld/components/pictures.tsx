import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Loaded } from "@/ui/loaded";
import { Panel } from "@/ui/panel";
import { useWithheld } from "../queries";
import styles from "../withheld.module.css";
import { Picture } from "./picture";

export function Pictures({ project }: { readonly project: string }) {
  const words = useWords();
  const explain = useExplain();
  const withheld = useWithheld(project);
  return (
    <Panel title={words.say("withheld.pictures")}>
      <Loaded query={withheld} explain={explain} lines={1} height={220}>
        {({ pages }) => {
          const shown = pages.flatMap((page) => page.results);
          return shown.length === 0 ? (
            <p className={styles.faint}>{words.say("withheld.none")}</p>
          ) : (
            <ul className={styles.wall}>
              {shown.map((one) => (
                <li key={one.id}>
                  <Picture project={project} withheld={one} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      {withheld.hasNextPage && (
        <Button isBusy={withheld.isFetchingNextPage} onPress={() => void withheld.fetchNextPage()}>
          {words.say("say.more")}
        </Button>
      )}
    </Panel>
  );
}
