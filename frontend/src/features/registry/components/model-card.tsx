import { useId } from "react";
import { useMay } from "@/api/session";
import type { Model } from "@/api/types";
import { dateTime, shortId } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Content } from "@/ui/content";
import { Copied } from "@/ui/copied";
import { type Fact, Facts } from "@/ui/facts";
import { LinkButton } from "@/ui/link-button";
import { Row } from "@/ui/row";
import { StateMark, type Tone } from "@/ui/state-mark";
import styles from "../registry.module.css";
import { Decision } from "./decision";
import { Evaluated } from "./evaluated";

const TONES: Readonly<Record<Model["state"], Tone>> = { candidate: "wait", approved: "good", rejected: "bad", retired: "still" };

export function ModelCard({ project, model, base }: { readonly project: string; readonly model: Model; readonly base: Model | undefined }) {
  const words = useWords();
  const titled = useId();
  const [mayCreate, mayTry, mayExport] = [useMay("generation.create"), useMay("model.try"), useMay("export.request")];
  const isAdapter = model.kind !== "base";
  const facts: readonly (Fact | false)[] = [
    model.trigger !== "" && { name: words.say("registry.trigger"), value: <Content isMono>{model.trigger}</Content> },
    base !== undefined && { name: words.say("registry.base"), value: <Content>{base.name}</Content> },
    { name: words.say("registry.family"), value: <Content>{model.family}</Content> },
    { name: words.say("registry.licence"), value: <Content>{model.licence}</Content> },
    model.trainer !== "" && { name: words.say("registry.trained_by"), value: <Content>{model.trainer}</Content> },
    model.digest !== "" && { name: words.say("registry.digest"), value: <Copied value={model.digest} shown={shortId(model.digest, 16)} label={words.say("say.copy", { what: words.say("registry.digest") })} /> },
  ];
  return (
    <article className={styles.model} aria-labelledby={titled}>
      <header className={styles.header}>
        <div>
          <h3 id={titled} translate="no">{model.name}</h3>
          <small translate="no">{dateTime(model.created, words.locale)}</small>
        </div>
        <StateMark tone={TONES[model.state]}>{words.say(`state.${model.state}`)}</StateMark>
      </header>
      {isAdapter && <Evaluated evaluation={model.evaluation} />}
      <Facts facts={facts.filter((fact) => fact !== false)} />
      <Row>
        {isAdapter && mayCreate && (model.state === "approved" || (model.state === "candidate" && mayTry)) && (
          <LinkButton size="small" icon="create" to="/projects/$project/create" params={{ project }} search={{ model: model.id }}>
            {words.say("registry.try")}
          </LinkButton>
        )}
        {isAdapter && model.state === "approved" && mayExport && (
          <LinkButton size="small" icon="exit" to="/projects/$project/exit" params={{ project }} search={{ model: model.id }}>
            {words.say("registry.take")}
          </LinkButton>
        )}
        {model.state === "candidate" && <Decision project={project} model={model} />}
      </Row>
    </article>
  );
}
