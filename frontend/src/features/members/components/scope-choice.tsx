import { useWords } from "@/lib/words/context";
import { Checks } from "@/ui/checks";
import { Stack } from "@/ui/row";
import type { Offered } from "../scope";

const GROUPS = ["plain", "guarded"] as const;

/** Permissions to tick; those that ask for a second factor stand apart. */
export function ScopeChoice({ offered, chosen, onChange }: { readonly offered: Offered; readonly chosen: ReadonlySet<string>; readonly onChange: (chosen: ReadonlySet<string>) => void }) {
  const words = useWords();
  return (
    <Stack>
      {GROUPS.filter((group) => offered[group].length > 0).map((group) => (
        <Checks key={group} label={words.say(`tokens.scope.${group}`)} options={offered[group].map(({ permission, text }) => ({ value: permission, label: text, isRaw: true }))} chosen={chosen} onChange={onChange} />
      ))}
      {GROUPS.every((group) => offered[group].length === 0) && <p>{words.say("tokens.scope.nothing")}</p>}
    </Stack>
  );
}
