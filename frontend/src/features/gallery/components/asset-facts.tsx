import { useQuery } from "@tanstack/react-query";
import { modelsQuery } from "@/api/reads";
import { useMay } from "@/api/session";
import type { Asset } from "@/api/types";
import { dateTime, measure, shortId } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Content } from "@/ui/content";
import { Copied } from "@/ui/copied";
import { Facts } from "@/ui/facts";
import { LinkButton } from "@/ui/link-button";
import { Row, Stack } from "@/ui/row";
import styles from "../gallery.module.css";
import { type MadeWith, madeWith } from "../made-with";
import { flatFacts } from "../record-facts";

export function AssetFacts({ project, asset }: { readonly project: string; readonly asset: Asset }) {
  const words = useWords();
  const mayProve = useMay("ledger.read");
  const { data: known } = useQuery(modelsQuery(project));
  const { base, models } = madeWith(asset, known ?? []);
  const glance = [
    { name: words.say("gallery.fact.base"), value: <Content>{base}</Content> },
    ...(models.length > 0 ? [{ name: words.say("gallery.fact.models"), value: <Weighted models={models} /> }] : []),
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

function Weighted({ models }: { readonly models: readonly MadeWith[] }) {
  const words = useWords();
  return (
    <ul className={styles.models}>
      {models.map(({ id, name, weight }) => (
        <li key={id}>{words.say("gallery.fact.model.value", { name, weight: measure(weight, words.locale, 3) })}</li>
      ))}
    </ul>
  );
}
