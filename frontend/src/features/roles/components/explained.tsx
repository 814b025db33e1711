import type { ExplainedGrant, Explanation } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { sentenceOf } from "../sentence";
import styles from "./explain.module.css";

interface Props {
  readonly why: Explanation;
  readonly name: string;
  /** What each permission says. */
  readonly texts: ReadonlyMap<string, string>;
  readonly projects: ReadonlyMap<string, string>;
}

/** The answer in words, with every grant that speaks for it or against it. */
export function Explained({ why, name, texts, projects }: Props) {
  const words = useWords();
  const list = (title: string, grants: readonly ExplainedGrant[]) =>
    grants.length > 0 && (
      <div key={title}>
        {title}
        <ul className={styles.grants}>
          {grants.map((grant) => (
            <li key={grant.grant}>{sentenceOf(grant, words, projects)}</li>
          ))}
        </ul>
      </div>
    );
  return (
    <div role="status">
      <Notice tone={why.allowed ? "good" : "wait"} title={words.say(`explain.why.${why.why}`, { name })}>
        <Stack gap={2}>
          {list(words.say("explain.gives"), why.gives)}
          {why.voided_by.map(({ permission, grants }) => list(words.say("explain.voided", { permission: texts.get(permission) ?? permission }), grants))}
          {list(words.say("explain.ended"), why.ended)}
          {why.allowed && why.step_up && <span>{words.say("explain.step_up")}</span>}
        </Stack>
      </Notice>
    </div>
  );
}
