import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Loaded } from "@/ui/loaded";
import styles from "../datasets.module.css";
import { similarAmong } from "../likeness";
import { useItems, useLikeness } from "../queries";
import { Item } from "./item";

export function Items({ project, dataset, isOpen }: { readonly project: string; readonly dataset: string; readonly isOpen: boolean }) {
  const words = useWords();
  const explain = useExplain();
  const items = useItems(project, dataset);
  const likeness = useLikeness(project, dataset);
  return (
    <section aria-label={words.say("datasets.items")}>
      <Loaded query={items} explain={explain} lines={2} height={180}>
        {({ pages }) => {
          const shown = pages.flatMap((page) => page.results);
          if (shown.length === 0) return <p className={styles.faint}>{words.say("datasets.items.empty")}</p>;
          return (
            <ul className={styles.items}>
              {shown.map((item, at) => (
                <Item key={item.id} project={project} dataset={dataset} item={item} number={at + 1} isOpen={isOpen} similar={similarAmong(shown, likeness[item.id])} />
              ))}
            </ul>
          );
        }}
      </Loaded>
      {items.hasNextPage && (
        <Button isBusy={items.isFetchingNextPage} onPress={() => void items.fetchNextPage()}>
          {words.say("say.more")}
        </Button>
      )}
    </section>
  );
}
