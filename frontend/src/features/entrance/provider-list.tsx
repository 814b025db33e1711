import { beginning } from "@/api/offers";
import type { Offers } from "@/api/types";
import { AwayButton } from "@/ui/away-button";
import { Stack } from "@/ui/row";
import { Named } from "./named";

/** The studio's identity providers, each the beginning of a sign-in. */
export function ProviderList({ providers }: { readonly providers: Offers["providers"] }) {
  const { pathname, search } = window.location;
  return (
    <Stack gap={2}>
      {providers.map(({ slug, name, url }) => (
        <AwayButton key={slug} tone="main" href={beginning(url, pathname + search)}>
          <Named word="entrance.provider" name={name} />
        </AwayButton>
      ))}
    </Stack>
  );
}
