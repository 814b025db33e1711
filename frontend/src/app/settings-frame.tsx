import { Link, Navigate, Outlet, useLocation } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { useWords } from "@/lib/words/context";
import { openSettings } from "./settings";
import styles from "./settings.module.css";

/** The studio's settings: their list above, the open one below. */
export function SettingsFrame() {
  const words = useWords();
  const session = useSession();
  const path = useLocation({ select: ({ pathname }) => pathname });
  const open = openSettings(session);
  const [first] = open;
  if (/\/settings\/?$/.test(path) && first) return <Navigate to={`/settings/${first.path}`} replace />;
  return (
    <>
      <nav className={styles.bar} aria-label={words.say("settings.label")}>
        {open.map((setting) => (
          <Link key={setting.path} to={`/settings/${setting.path}`} className={styles.tab}>
            {words.say(setting.word)}
          </Link>
        ))}
      </nav>
      <Outlet />
    </>
  );
}
