import { useMutation } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useExplain } from "@/api/explain";
import { proveAddress } from "@/api/passwords";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { LinkButton } from "@/ui/link-button";
import { Notice } from "@/ui/notice";
import { Entrance } from "./entrance";

/** Where the link of a mail leads: an address is proved by its key. A press does it, so that no scanner of mails can. */
export function VerifyEmailPage() {
  const words = useWords();
  const explain = useExplain();
  const key = useLocation({ select: ({ hash }) => hash });
  const prove = useMutation({ mutationFn: () => proveAddress(key) });
  return (
    <Entrance title={words.say("entrance.verify.title")} lead={words.say("entrance.verify.text")}>
      {key === "" && <Notice tone="bad">{words.say("entrance.link.broken")}</Notice>}
      {prove.error && <Notice tone="bad">{explain(prove.error)}</Notice>}
      {prove.isSuccess ? (
        <>
          <Notice tone="good">{words.say("entrance.verify.done")}</Notice>
          <LinkButton to="/" tone="main">
            {words.say("entrance.go_on")}
          </LinkButton>
        </>
      ) : (
        <Button tone="main" wide isBusy={prove.isPending} isOff={key === ""} onPress={() => { prove.mutate(); }}>
          {words.say("entrance.verify.go")}
        </Button>
      )}
    </Entrance>
  );
}
