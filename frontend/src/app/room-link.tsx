import { Link } from "@tanstack/react-router";
import { useMay } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Icon } from "@/ui/icon";
import type { ShownRoom } from "./rooms";
import styles from "./shell.module.css";

export function RoomLink({ room, project }: { readonly room: ShownRoom; readonly project: string }) {
  const words = useWords();
  const isOpen = useMay(room.needs);
  return (
    <>
      {room.startsGroup && <div className={styles.divide} />}
      {isOpen && (
        <Link to={`/projects/$project/${room.path}`} params={{ project }} className={styles.link} activeOptions={{ includeSearch: false }}>
          <Icon name={room.icon} />
          <span>{words.say(room.word)}</span>
        </Link>
      )}
    </>
  );
}
