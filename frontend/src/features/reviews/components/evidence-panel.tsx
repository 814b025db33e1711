import { useMutation } from "@tanstack/react-query";
import { useExplain } from "@/api/explain";
import { saveText } from "@/lib/save-text";
import { shortId } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { Panel } from "@/ui/panel";
import { Row, Stack } from "@/ui/row";
import { evidenceText } from "../queries";

const FORMS = ["json", "csv"] as const;

/** The review to take along, for whoever asks whether it was held. */
export function EvidencePanel({ review }: { readonly review: string }) {
  const words = useWords();
  const explain = useExplain();
  const save = useMutation({
    mutationFn: async (as: (typeof FORMS)[number]) => { saveText(await evidenceText(review, as), `access-review-${shortId(review)}.${as}`); },
  });
  return (
    <Panel title={words.say("reviews.evidence")}>
      <Stack gap={3}>
        <p>{words.say("reviews.evidence.text")}</p>
        {save.error && <Notice tone="bad">{explain(save.error)}</Notice>}
        <Row>
          {FORMS.map((as) => (
            <Button key={as} icon="exit" isBusy={save.isPending && save.variables === as} onPress={() => { save.mutate(as); }}>
              {words.say(`reviews.evidence.${as}`)}
            </Button>
          ))}
        </Row>
      </Stack>
    </Panel>
  );
}
