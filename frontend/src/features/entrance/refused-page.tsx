import { Navigate, useLocation } from "@tanstack/react-router";
import { useWords } from "@/lib/words/context";
import { LinkButton } from "@/ui/link-button";
import { Notice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { Row } from "@/ui/row";
import { refused } from "./refused";

/** The sign-in page for who is signed in: a refused proof at the provider comes back here, and nothing else has to be told. */
export function RefusedPage() {
  const words = useWords();
  const code = useLocation({ select: ({ search }) => (search as { readonly error?: unknown }).error });
  const told = refused(words, code);
  if (told === undefined) return <Navigate to="/" replace />;
  return (
    <Page title={words.say("entrance.refused.title")}>
      <Notice tone="bad">{told}</Notice>
      <Row>
        <LinkButton to="/" tone="main">
          {words.say("entrance.go_on")}
        </LinkButton>
      </Row>
    </Page>
  );
}
