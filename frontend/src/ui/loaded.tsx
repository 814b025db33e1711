import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "@/lib/words/context";
import { Button } from "./button";
import { Notice } from "./notice";

interface Question<Data> {
  readonly data: Data | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

interface Props<Data> {
  readonly query: Question<Data>;
  readonly explain: (error: Error) => string;
  readonly children: (data: Data) => ReactNode;
  readonly lines?: number;
  readonly height?: number;
}

/** Draws a question's three answers: not yet, failed, and the data. */
export function Loaded<Data>({ query, explain, children, lines = 3, height = 56 }: Props<Data>) {
  const words = useWords();
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) {
    const again = (
      <Button size="small" icon="again" onPress={() => void query.refetch()}>
        {words.say("say.try_again")}
      </Button>
    );
    return (
      <Notice tone="bad" title={words.say("say.failed_to_load")} action={again}>
        {explain(query.error)}
      </Notice>
    );
  }
  return (
    <div role="status" aria-label={words.say("say.loading")} style={{ display: "grid", gap: 10 }}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={height} />
      ))}
    </div>
  );
}
