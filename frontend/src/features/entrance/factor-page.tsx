import { useWords } from "@/lib/words/context";
import { type FactorKind, stepUpByCode, stepUpByPasskey } from "@/api/sign-in";
import { Entrance } from "./entrance";
import { FactorForm } from "./factor-form";
import { TextButton } from "./text-button";

/** For a session that has to show a second factor before anything else is open to it; a recovery code lets in too. */
export function FactorPage({ kinds, onShown, onLeave }: { readonly kinds: readonly FactorKind[]; readonly onShown: () => void; readonly onLeave: () => void }) {
  const words = useWords();
  return (
    <Entrance title={words.say("entrance.factor.title")} lead={words.say("problem.session.factor_needed")}>
      <FactorForm kinds={[...kinds, "recovery_codes"]} showCode={stepUpByCode} showPasskey={stepUpByPasskey} onShown={onShown} />
      <TextButton onPress={onLeave}>{words.say("nav.sign_out")}</TextButton>
    </Entrance>
  );
}
