import { useMay } from "@/api/session";
import type { Asset } from "@/api/types";
import { dateTime, shortId } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Content } from "@/ui/content";
import { Copied } from "@/ui/copied";
import { Facts } from "@/ui/facts";
import { LinkButton } from "@/ui/link-button";
import { Row, Stack } from "@/ui/row";
import styles from "../gallery.module.css";
import { flatFacts } from "../record-facts";

export function AssetFacts({ project, asset }: { readonly project: string; readonly asset: Asset }) {
  const words = useWords();
  const mayProve = useMay("ledger.read");
  const glance = [
    { name: words.say("gallery.fact.seed"), value: <Copied value={String(asset.seed)} label={words.say("say.copy", { what: words.say("gallery.fact.seed") })} /> },
    { name: words.say("gallery.fact.size"), value: words.say("gallery.fact.size.value", { width: asset.width, height: asset.height }) },
    { name: words.say("gallery.fact.made"), value: <Content>{dateTime(asset.created, words.locale)}</Content> },
    { name: words.say("gallery.fact.person"), value: <Content>{asset.person}</Content> },
    {
      name: words.say("gallery.fact.entry"),
      value: (
        <Row>
          <Copied value={asset.entry} shown={shortId(asset.entry)} label={words.say("say.copy", { what: words.say("gallery.fact.entry") })} />
          {mayProve && (
            <LinkButton size="small" tone="plain" icon="seal" to="/projects/$project/ledger" params={{ project }} search={{ entry: asset.entry }}>
              {words.say("gallery.show_proof")}
            </LinkButton>
          )}
        </Row>
      ),
    },
  ];
  return (
    <Stack gap={3}>
      <h2>{words.say("gallery.facts")}</h2>
      <Facts facts={glance} />
      <details className={styles.record} open>
        <summary>{words.say("gallery.record")}</summary>
        <Facts facts={flatFacts(asset.record).map(({ name, value }) => ({ name, value: <Content isMono>{value}</Content>, isRaw: true }))} />
      </details>
    </Stack>
  );
}
