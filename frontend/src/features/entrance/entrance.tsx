import type { ReactNode } from "react";
import { useWords } from "@/lib/words/context";
import { ColorSchemeButton } from "@/ui/color-scheme";
import { CropFrame } from "@/ui/crop-frame";
import { Mark } from "@/ui/mark";
import { PageTitle } from "@/ui/page-title";
import styles from "./entrance.module.css";

/** The door: the slogan at the left, one small form between crop marks at the right. */
export function Entrance({ title, lead, children }: { readonly title: string; readonly lead: ReactNode; readonly children: ReactNode }) {
  const words = useWords();
  return (
    <div className={styles.entrance}>
      <PageTitle room={title} />
      <section className={styles.sign}>
        <div className={styles.brand}>
          <Mark size={36} />
          <strong>{words.say("say.product")}</strong>
        </div>
        <p className={styles.slogan}>{words.say("entrance.slogan")}</p>
        <div className={styles.patches} aria-hidden="true">
          <i /> <i /> <i /> <i /> <i /> <i />
        </div>
      </section>
      <main className={styles.door}>
        <div className={styles.scheme}>
          <ColorSchemeButton toLight={words.say("nav.to_light")} toDark={words.say("nav.to_dark")} />
        </div>
        <CropFrame>
          <div className={styles.form}>
            <header>
              <h1>{title}</h1>
              <p className={styles.lead}>{lead}</p>
            </header>
            {children}
          </div>
        </CropFrame>
      </main>
    </div>
  );
}
