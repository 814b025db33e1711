import { useWords } from "@/lib/words/context";
import { Check } from "@/ui/checks";
import { Row } from "@/ui/row";
import { TextField } from "@/ui/text-field";

export interface Claims {
  readonly email_claim: string;
  readonly name_claim: string;
  readonly groups_claim: string;
  readonly is_joining: boolean;
}

/** Where the provider says what about a person, and whether somebody new may come in. */
export function ClaimsFields({ claims, onChange }: { readonly claims: Claims; readonly onChange: (part: Partial<Claims>) => void }) {
  const words = useWords();
  return (
    <>
      <Row gap={3}>
        <TextField label={words.say("sso.email_claim")} value={claims.email_claim} onChange={(email_claim) => { onChange({ email_claim }); }} isNeeded />
        <TextField label={words.say("sso.name_claim")} hint={words.say("sso.claim.hint")} value={claims.name_claim} onChange={(name_claim) => { onChange({ name_claim }); }} />
        <TextField label={words.say("sso.groups_claim")} hint={words.say("sso.claim.hint")} value={claims.groups_claim} onChange={(groups_claim) => { onChange({ groups_claim }); }} />
      </Row>
      <Check label={words.say("sso.joining")} hint={words.say("sso.joining.hint")} isOn={claims.is_joining} onChange={(is_joining) => { onChange({ is_joining }); }} />
    </>
  );
}
