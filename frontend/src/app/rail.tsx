import { Link, useNavigate } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { Choice } from "@/ui/choice";
import { ColorSchemeButton } from "@/ui/color-scheme";
import { IconButton } from "@/ui/icon-button";
import { Icon } from "@/ui/icon";
import { Mark } from "@/ui/mark";
import { RoomLink } from "./room-link";
import { ROOMS, firstRoom } from "./rooms";
import { openSettings } from "./settings";
import { useLeave } from "./use-leave";
import styles from "./shell.module.css";

export function Rail({ project, onHelp }: { readonly project: string; readonly onHelp: () => void }) {
  const words = useWords();
  const session = useSession();
  const navigate = useNavigate();
  const leave = useLeave();
  return (
    <aside className={styles.rail}>
      <Link to="/" className={styles.brand}>
        <Mark />
        <div>
          <strong>{words.say("say.product")}</strong>
          <span translate="no">{session?.tenant.name}</span>
        </div>
      </Link>
      {session && session.projects.length > 0 && (
        <div className={styles.project}>
          <Choice
            label={words.say("nav.project")}
            isLabelHidden
            value={project}
            options={session.projects.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(id) => void navigate({ to: `/projects/$project/${firstRoom(session, id)}`, params: { project: id } })}
          />
        </div>
      )}
      {project !== "" && (
        <nav className={styles.nav} aria-label={words.say("nav.label")}>
          {ROOMS.map((room) => (
            <RoomLink key={room.path} room={room} project={project} />
          ))}
        </nav>
      )}
      {openSettings(session).length > 0 && (
        <Link to="/settings" className={styles.link}>
          <Icon name="settings" />
          <span>{words.say("settings.open")}</span>
        </Link>
      )}
      <div className={styles.foot}>
        <Link to="/account" className={styles.person} aria-label={words.say("account.open")}>
          <span translate="no">{session?.person.name}</span>
          <small translate="no">{session?.person.email}</small>
        </Link>
        <div className={styles.tools}>
          <ColorSchemeButton toLight={words.say("nav.to_light")} toDark={words.say("nav.to_dark")} />
          <IconButton icon="help" label={words.say("nav.keys")} onPress={onHelp} />
          <IconButton icon="leave" label={words.say("nav.sign_out")} onPress={() => void leave()} />
        </div>
      </div>
    </aside>
  );
}
