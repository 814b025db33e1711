import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "@/api/client";
import { useExplain } from "@/api/explain";
import { offersQuery } from "@/api/offers";
import type { FactorKind } from "@/api/sign-in";
import { useWords } from "@/lib/words/context";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { PasswordForm } from "./password-form";
import { ProviderList } from "./provider-list";
import { TextButton } from "./text-button";

interface Props {
  readonly onFactor: (kinds: readonly FactorKind[]) => void;
  readonly onForgot: () => void;
  readonly onIn: () => void;
}

/** The studio's providers first; passwords and passkeys where it takes them, and for its break-glass accounts. */
export function WaysIn({ onFactor, onForgot, onIn }: Props) {
  const words = useWords();
  const explain = useExplain();
  const offers = useQuery(offersQuery);
  const [isBreakGlass, setIsBreakGlass] = useState(false);
  if (offers.isPending) {
    return (
      <Loaded query={offers} explain={explain} lines={2}>
        {() => null}
      </Loaded>
    );
  }
  const providers = offers.data?.providers ?? [];
  const hasPasswords = offers.data?.has_passwords ?? true;
  const isShut = offers.error instanceof ApiError && offers.error.status === 403;
  return (
    <>
      {isShut && <Notice tone="bad">{explain(offers.error)}</Notice>}
      {providers.length > 0 && <ProviderList providers={providers} />}
      {(hasPasswords || isBreakGlass) && <PasswordForm isSecond={providers.length > 0} onFactor={onFactor} onIn={onIn} />}
      {hasPasswords || isBreakGlass ? (
        <TextButton onPress={onForgot}>{words.say("entrance.forgot")}</TextButton>
      ) : (
        <TextButton onPress={() => { setIsBreakGlass(true); }}>{words.say("entrance.break_glass")}</TextButton>
      )}
    </>
  );
}
