import { useWords } from "@/lib/words/context";
import { LinkButton } from "@/ui/link-button";
import { Page } from "@/ui/page";
import { LeakedForm } from "./components/leaked-form";

/** For whoever found a token, signed in or not. */
export function LeakedPage() {
  const words = useWords();
  return (
    <Page title={words.say("tokens.title")} actions={<LinkButton to="/">{words.say("tokens.leaked.back")}</LinkButton>}>
      <LeakedForm />
    </Page>
  );
}
