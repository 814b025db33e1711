import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useLayer } from "./layers";
import styles from "./dialog.module.css";

interface Props {
  readonly title: ReactNode;
  readonly closeLabel: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function SidePanel({ title, closeLabel, isOpen, onClose, children }: Props) {
  const layer = useLayer(isOpen);
  return (
    <Drawer
      {...layer}
      opened={isOpen}
      onClose={onClose}
      title={title}
      position="right"
      size={560}
      overlayProps={{ backgroundOpacity: 0.3 }}
      classNames={{ title: styles.title ?? "", content: styles.content ?? "", header: styles.header ?? "", body: styles.body ?? "" }}
      closeButtonProps={{ "aria-label": closeLabel }}
    >
      {children}
    </Drawer>
  );
}
