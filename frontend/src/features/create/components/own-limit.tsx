import { useWords } from "@/lib/words/context";
import { useOwnAllowance } from "../queries";

/** How many pictures of today's are used, where the project limits them; nothing where it does not, or cannot tell. */
export function OwnLimit({ project }: { readonly project: string }) {
  const words = useWords();
  const { data } = useOwnAllowance(project);
  if (!data) return null;
  if (!data.is_allowed) return <small>{words.say("limits.own.none")}</small>;
  const { pictures_a_day: most, pictures_used: used } = data;
  return most === null || most === undefined ? null : <small>{words.say("limits.own", { used, most })}</small>;
}
