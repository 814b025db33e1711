import { useId } from "react";
import { useReasons } from "@/api/reasons";
import type { Exit } from "@/api/types";
import { dateTime, fileSize } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Content } from "@/ui/content";
import { type Fact, Facts } from "@/ui/facts";
import { Notice } from "@/ui/notice";
import { Row } from "@/ui/row";
import { StateMark, type Tone } from "@/ui/state-mark";
import styles from "../exit.module.css";
import { TakeButton } from "./take-button";

const TONES: Readonly<Record<Exit["state"], Tone>> = { queued: "news", ready: "good", refused: "bad", handed_over: "good", failed: "bad" };

export function Bundle({ project, exit, name }: { readonly project: string; readonly exit: Exit; readonly name: string }) {
  const words = useWords();
  const { failure } = useReasons();
  const titled = useId();
  const isReady = exit.state === "ready" || exit.state === "handed_over";
  const facts: readonly (Fact | false)[] = [
    { name: words.say("exit.asked"), value: <Content>{dateTime(exit.created, words.locale)}</Content> },
    exit.size !== null && { name: words.say("exit.size"), value: <Content>{fileSize(exit.size, words.locale)}</Content> },
    exit.duties.length > 0 && { name: words.say("exit.duties"), value: <Content>{exit.duties.join(", ")}</Content> },
    exit.contents.length > 0 && { name: words.say("exit.contents"), value: <Listed names={exit.contents} title={words.count("exit.files", exit.contents.length)} /> },
  ];
  return (
    <article className={styles.bundle} aria-labelledby={titled}>
      <Row isSpread>
        <h3 id={titled} translate="no">{name}</h3>
        <StateMark tone={TONES[exit.state]} isMoving={exit.state === "queued"}>
          {words.say(`state.${exit.state}`)}
        </StateMark>
      </Row>
      {exit.state === "queued" && <p className={styles.faint}>{words.say("exit.waiting")}</p>}
      {exit.state === "failed" && <Notice tone="bad" title={words.say("exit.failed")}>{exit.code !== "" && failure(exit.code)}</Notice>}
      {exit.refusals.length > 0 && (
        <Notice tone="bad" title={words.say("exit.refused")}>
          <ul className={styles.contents}>
            {exit.refusals.map((reason, at) => (
              <li key={at} translate="no">
                {reason}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {isReady && <TakeButton project={project} exit={exit.id} />}
      <Facts facts={facts.filter((fact) => fact !== false)} />
    </article>
  );
}

/** A bundle has dozens of files: their number, and behind it their names. */
function Listed({ names, title }: { readonly names: readonly string[]; readonly title: string }) {
  return (
    <details>
      <summary>{title}</summary>
      <ul className={styles.files} translate="no">
        {names.map((name) => (
          <li key={name}>
            <code>{name}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
