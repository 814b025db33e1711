import type { Provider } from "@/api/types";
import { dateTime } from "@/lib/format";
import { useWords } from "@/lib/words/context";
import { Notice } from "@/ui/notice";

/** Says when the certificate that a provider signs by ends, once that is near or past. */
export function CertificateNotice({ provider }: { readonly provider: Provider }) {
  const words = useWords();
  const { certificate_warning: warning, certificate_ends: ends } = provider;
  if (warning === "" || ends === null) return null;
  return (
    <Notice tone={warning === "past" ? "bad" : "wait"} title={words.say(`sso.certificate.${warning}`, { moment: dateTime(ends, words.locale) })}>
      {words.say("sso.certificate.text")}
    </Notice>
  );
}
