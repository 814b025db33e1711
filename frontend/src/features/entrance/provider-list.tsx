import { beginning } from "@/api/offers";
import type { Offers } from "@/api/types";
import { useWords } from "@/lib/words/context";
import { AwayButton } from "@/ui/away-button";
import { Stack } from "@/ui/row";

/** The studio's identity providers, each the beginning of a sign-in. */
export function ProviderList({ providers }: { readonly providers: Offers["providers"] }) {
  const words = useWords();
  const { pathname, search } = window.location;
  return (
    <Stack gap={2}>
      {providers.map(({ slug, name, url }) => (
        <AwayButton key={slug} tone="main" href={beginning(url, pathname + search)}>
          <Named words={words} name={name} />
        </AwayButton>
      ))}
    </Stack>
  );
}

function Named({ words, name }: { readonly words: ReturnType<typeof useWords>; readonly name: string }) {
  const [before, after] = words.say("entrance.provider", { name: "\u0000" }).split("\u0000");
  return (
    <span>
      {before}
      <span translate="no">{name}</span>
      {after}
    </span>
  );
}
