import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ApiError } from "@/api/client";
import { useHasPassword } from "@/api/devices";
import { useExplain } from "@/api/explain";
import { useFactors } from "@/api/factors";
import { confirmPassword } from "@/api/sign-in";
import { stepUp } from "@/api/step-up";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Loaded } from "@/ui/loaded";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";

/** Shows what lies inside once the person has proved again who she is: by a factor, or by her password while she has none. Who has neither came by a provider. */
export function Confirmed({ children }: { readonly children: ReactNode }) {
  const words = useWords();
  const explain = useExplain();
  const factors = useFactors();
  const hasPassword = useHasPassword();
  const [isConfirmed, setIsConfirmed] = useState(false);
  const done = () => { setIsConfirmed(true); };
  const show = useMutation({ mutationFn: stepUp, onSuccess: (isShown) => { if (isShown) done(); } });
  const hasNothing = factors.data?.length === 0 && hasPassword.data === false;
  if (isConfirmed || hasNothing) return children;
  return (
    <Loaded query={factors} explain={explain}>
      {(known) =>
        known.length === 0 ? (
          <ByPassword onDone={done} />
        ) : (
          <Stack>
            <p>{words.say("account.confirm.factor")}</p>
            <Button tone="main" isBusy={show.isPending} onPress={() => { show.mutate(); }}>
              {words.say("account.confirm.go")}
            </Button>
          </Stack>
        )
      }
    </Loaded>
  );
}

function ByPassword({ onDone }: { readonly onDone: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const [password, setPassword] = useState("");
  const confirm = useMutation({ mutationFn: () => confirmPassword(password), onSuccess: onDone });
  const why = (error: Error) => (error instanceof ApiError && error.status === 400 ? (words.find(`problem.${error.problem.code}`) ?? words.say("account.confirm.wrong")) : explain(error));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <Stack>
        {confirm.error && <Notice tone="bad">{why(confirm.error)}</Notice>}
        <TextField kind="password" label={words.say("entrance.password")} hint={words.say("account.confirm.password")} value={password} onChange={setPassword} autoComplete="current-password" needsFocus isNeeded />
        <Button tone="main" type="submit" isBusy={confirm.isPending} isOff={password === ""}>
          {words.say("account.confirm.go")}
        </Button>
      </Stack>
    </form>
  );
}
