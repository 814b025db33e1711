import { type ReactNode, useState } from "react";
import { useWords } from "@/lib/words/context";
import { useProjectId, useSession } from "@/api/session";
import { StepUp } from "@/features/entrance/step-up";
import { Dialog } from "@/ui/dialog";
import { KeyList } from "./key-list";
import { Rail } from "./rail";
import { openRooms } from "./rooms";
import { useShortcuts } from "./shortcuts";
import styles from "./shell.module.css";

/** The frame of every room: the rail at the left, the work at the right. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const words = useWords();
  const session = useSession();
  const named = useProjectId();
  const project = named || (session?.projects[0]?.id ?? "");
  const [isHelping, setIsHelping] = useState(false);
  const help = () => {
    setIsHelping((is) => !is);
  };
  useShortcuts({ project, rooms: openRooms(session, project), help });
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#work">
        {words.say("nav.skip")}
      </a>
      <Rail project={project} onHelp={help} />
      <main id="work" className={styles.work} tabIndex={-1}>
        {children}
      </main>
      <Dialog title={words.say("nav.keys")} closeLabel={words.say("say.close")} isOpen={isHelping} onClose={help}>
        <KeyList project={project} />
      </Dialog>
      <StepUp />
    </div>
  );
}
