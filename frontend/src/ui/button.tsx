import { Button as Primitive } from "@mantine/core";
import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon";

interface Props {
  readonly children: ReactNode;
  readonly icon?: IconName;
  readonly tone?: "main" | "quiet" | "plain" | "danger";
  readonly size?: "small" | "medium" | "large";
  readonly type?: "button" | "submit";
  readonly wide?: boolean;
  readonly isBusy?: boolean;
  readonly isOff?: boolean;
  readonly onPress?: () => void;
  readonly keys?: string;
  /** What readers of the screen hear instead of the short text. */
  readonly label?: string;
}

const VARIANTS = { main: "filled", quiet: "default", plain: "subtle", danger: "outline" } as const;
const SIZES = { small: "xs", medium: "sm", large: "md" } as const;

export function Button({ children, icon, tone = "quiet", size = "medium", type = "button", wide, isBusy, isOff, onPress, keys, label }: Props) {
  return (
    <Primitive
      variant={VARIANTS[tone]}
      size={SIZES[size]}
      type={type}
      fullWidth={wide ?? false}
      loading={isBusy ?? false}
      disabled={isOff ?? false}
      onClick={onPress}
      aria-keyshortcuts={keys}
      aria-label={label}
      leftSection={icon ? <Icon name={icon} size={16} /> : undefined}
      {...(tone === "danger" ? { color: "red" } : {})}
      {...(tone === "plain" ? { color: "gray" } : {})}
    >
      {children}
    </Primitive>
  );
}
