import type { ReactNode } from "react";

/** What people or the service wrote: names, prompts, digests. Never translated. */
export function Content({ children, isMono }: { readonly children: ReactNode; readonly isMono?: boolean }) {
  return (
    <span translate="no" className={isMono ? "mono" : undefined}>
      {children}
    </span>
  );
}
