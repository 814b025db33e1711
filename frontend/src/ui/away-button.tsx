import { Button as Primitive } from "@mantine/core";
import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon";

/** A link that looks like a button and leaves the portal. */
export function AwayButton({ children, href, icon, tone = "quiet" }: { readonly children: ReactNode; readonly href: string; readonly icon?: IconName; readonly tone?: "main" | "quiet" }) {
  return (
    <Primitive component="a" href={href} variant={tone === "main" ? "filled" : "default"} fullWidth leftSection={icon ? <Icon name={icon} size={16} /> : undefined}>
      {children}
    </Primitive>
  );
}
