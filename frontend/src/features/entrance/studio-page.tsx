import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, get } from "@/api/client";
import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/text-field";
import { Entrance } from "./entrance";
import { studioAsked } from "./studio-asked";

/** An e-mail alone names nobody: the studio comes first. */
export function StudioPage({ isUnknown = false }: { readonly isUnknown?: boolean }) {
  const words = useWords();
  const explain = useExplain();
  const [name, setName] = useState("");
  const find = useMutation({
    mutationFn: async () => {
      // Asked at the installation's own address, never below a studio's.
      const asked = studioAsked(name);
      const response = await fetch(`/api/v1/studios?name=${encodeURIComponent(asked)}`, { headers: { Accept: "application/json" } });
      if (response.status === 404) throw new ApiError({ type: "", title: "", status: 404, code: "studio.missing", detail: words.say("entrance.studio.missing"), facts: {} });
      if (!response.ok) return get("/api/v1/studios", { query: { name: asked } });
      return (await response.json()) as { readonly slug: string; readonly url?: string };
    },
    onSuccess: (studio) => {
      window.location.assign(studio.url ? new URL(studio.url, window.location.origin).href : `/s/${studio.slug}/`);
    },
  });
  const error = find.error ? explain(find.error) : isUnknown && find.isIdle ? words.say("entrance.studio.missing") : undefined;
  return (
    <Entrance title={words.say("entrance.studio.title")} lead={words.say("entrance.studio.text")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          find.mutate();
        }}
      >
        <TextField label={words.say("entrance.studio.field")} value={name} onChange={setName} error={error} autoComplete="organization" needsFocus />
        <Button tone="main" type="submit" wide isBusy={find.isPending} isOff={name.trim() === ""}>
          {words.say("entrance.studio.go")}
        </Button>
      </form>
    </Entrance>
  );
}
