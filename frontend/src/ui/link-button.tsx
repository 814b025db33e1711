import { Button as Primitive } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon";

interface Props {
  readonly children: ReactNode;
  readonly to: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly search?: Readonly<Record<string, string | undefined>>;
  readonly icon?: IconName;
  readonly tone?: "main" | "quiet" | "plain";
  readonly size?: "small" | "medium";
}

const VARIANTS = { main: "filled", quiet: "default", plain: "subtle" } as const;

/** A link that looks like a button, because it is the next thing to do. */
export function LinkButton({ children, to, params = {}, search = {}, icon, tone = "quiet", size = "medium" }: Props) {
  return (
    <Primitive
      variant={VARIANTS[tone]}
      size={size === "small" ? "xs" : "sm"}
      leftSection={icon ? <Icon name={icon} size={16} /> : undefined}
      {...(tone === "plain" ? { color: "gray" } : {})}
      renderRoot={(props: Record<string, unknown>) => <Link {...props} to={to} params={params} search={search} />}
    >
      {children}
    </Primitive>
  );
}
