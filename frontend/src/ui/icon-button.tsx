import { ActionIcon, Tooltip } from "@mantine/core";
import { Icon, type IconName } from "./icon";

interface Props {
  readonly icon: IconName;
  readonly label: string;
  readonly onPress: () => void;
  readonly isOn?: boolean;
  readonly size?: "small" | "medium";
}

/** A button that is only a picture; its label is spoken, and shown when pointed at. */
export function IconButton({ icon, label, onPress, isOn, size = "medium" }: Props) {
  return (
    <Tooltip label={label} openDelay={400}>
      <ActionIcon
        variant={isOn ? "light" : "subtle"}
        color={isOn ? "viridian" : "gray"}
        size={size === "small" ? "md" : "lg"}
        aria-label={label}
        aria-pressed={isOn}
        onClick={onPress}
      >
        <Icon name={icon} />
      </ActionIcon>
    </Tooltip>
  );
}
