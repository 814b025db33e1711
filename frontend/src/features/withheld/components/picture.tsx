import { useState } from "react";
import { address } from "@/api/client";
import type { Withheld } from "@/api/types";
import { ago } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Content } from "@/ui/content";
import { Icon } from "@/ui/icon";
import styles from "../withheld.module.css";
import { Reasons } from "./reasons";

/** One withheld picture: what was typed and why it is not shown; the picture is fetched when she asks, since that is noted. */
export function Picture({ project, withheld }: { readonly project: string; readonly withheld: Withheld }) {
  const words = useWords();
  const [isShown, setShown] = useState(false);
  return (
    <article className={styles.picture} aria-label={words.say("withheld.picture")}>
      {isShown ? (
        <img src={address(`/api/v1/projects/${project}/withheld/${withheld.id}/picture`)} alt={words.say("withheld.picture")} data-pixel={withheld.width <= 256 ? "" : undefined} />
      ) : (
        <div className={styles.cover}>
          <Icon name="lock" size={28} />
          <span>{words.say("withheld.covered")}</span>
          <Button size="small" onPress={() => { setShown(true); }}>
            {words.say("withheld.show")}
          </Button>
        </div>
      )}
      <p className={styles.prompt}>
        <Content>{withheld.prompt}</Content>
      </p>
      {withheld.negative !== "" && <p className={styles.faint}>{words.say("withheld.negative", { text: withheld.negative })}</p>}
      <Reasons reasons={withheld.reasons} />
      <small className={styles.faint} translate="no">
        {words.say("withheld.by", { person: withheld.person, when: ago(withheld.created, words.locale) })}
      </small>
    </article>
  );
}
