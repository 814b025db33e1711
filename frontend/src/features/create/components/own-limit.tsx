import { useWords } from "@/lib/words/context";
import styles from "../create.module.css";
import { useOwnAllowance } from "../queries";

/** How many pictures of today's are used, where the project limits them; nothing where it does not, or cannot tell. */
export function OwnLimit({ project }: { readonly project: string }) {
  const words = useWords();
  const { data } = useOwnAllowance(project);
  if (!data) return null;
  if (!data.is_allowed) return <div className={styles.limit}>{words.say("limits.own.none")}</div>;
  const { pictures_a_day: most, pictures_used: used } = data;
  return most === null || most === undefined ? null : <div className={styles.limit}>{words.say("limits.own", { used, most })}</div>;
}
