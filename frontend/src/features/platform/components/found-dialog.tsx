import { useState } from "react";
import { useExplain } from "@/api/explain";
import { useWords } from "@/lib/words/context";
import { Button } from "@/ui/button";
import { Check } from "@/ui/checks";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Stack } from "@/ui/row";
import { TextField } from "@/ui/text-field";
import { useToast } from "@/ui/toasts";
import { useFound } from "../queries";

/** Founds a studio with its owner, who sets a password of her own. */
export function FoundDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const explain = useExplain();
  const toast = useToast();
  const [studio, setStudio] = useState({ name: "", slug: "", owner_name: "", owner_email: "" });
  const [isFactorNeeded, setIsFactorNeeded] = useState(true);
  const change = (part: Partial<typeof studio>) => { setStudio((was) => ({ ...was, ...part })); };
  const found = useFound();
  return (
    <Dialog title={words.say("studios.found")} closeLabel={words.say("say.close")} isOpen onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          found.mutate({ ...studio, second_factor: isFactorNeeded }, { onSuccess: () => { toast(words.say("studios.founded"), "good"); onClose(); } });
        }}
      >
        <Stack>
          {found.error && <Notice tone="bad">{explain(found.error)}</Notice>}
          <TextField label={words.say("studios.name")} value={studio.name} onChange={(name) => { change({ name }); }} needsFocus isNeeded />
          <TextField label={words.say("studios.slug")} hint={words.say("studios.slug.hint")} value={studio.slug} onChange={(slug) => { change({ slug }); }} isNeeded />
          <TextField label={words.say("studios.owner_name")} value={studio.owner_name} onChange={(owner_name) => { change({ owner_name }); }} isNeeded />
          <TextField kind="email" label={words.say("studios.owner_email")} hint={words.say("studios.owner.hint")} value={studio.owner_email} onChange={(owner_email) => { change({ owner_email }); }} isNeeded />
          <Check label={words.say("policy.second_factor")} hint={words.say("studios.second_factor.hint")} isOn={isFactorNeeded} onChange={setIsFactorNeeded} />
          <Button tone="main" type="submit" isBusy={found.isPending} isOff={Object.values(studio).some((value) => value.trim() === "")}>
            {words.say("studios.found")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
