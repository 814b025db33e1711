import { useWords } from "@/lib/words/context";
import { Copied } from "@/ui/copied";
import { Facts } from "@/ui/facts";
import type { OurSide } from "../our-side";

const NAMES = ["redirect_uri", "post_logout_redirect_uri", "backchannel_logout_uri", "entity_id", "acs_url", "sls_url", "sign_in_uri", "certificate"] as const;

/** What the other side asks for, each to copy whole; what its protocol has not is left out. */
export function OurValues({ ours }: { readonly ours: OurSide }) {
  const words = useWords();
  const facts = NAMES.filter((name) => ours[name] !== "").map((name) => {
    const what = words.say(`sso.ours.${name}`);
    return { name: what, value: <Copied value={ours[name]} {...(name === "certificate" ? { shown: `${ours[name].slice(0, 40)}…` } : {})} label={words.say("say.copy", { what })} /> };
  });
  return <Facts facts={facts} />;
}
