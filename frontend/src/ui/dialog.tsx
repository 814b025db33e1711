import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useLayer } from "./layers";
import styles from "./dialog.module.css";

interface Props {
  readonly title: string;
  readonly closeLabel: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly size?: "medium" | "large";
}

export function Dialog({ title, closeLabel, isOpen, onClose, children, size = "medium" }: Props) {
  const layer = useLayer(isOpen);
  return (
    <Modal
      {...layer}
      opened={isOpen}
      onClose={onClose}
      title={title}
      centered
      size={size === "large" ? 860 : 520}
      overlayProps={{ backgroundOpacity: 0.45, blur: 2 }}
      classNames={{ title: styles.title ?? "", content: styles.content ?? "", header: styles.header ?? "", body: styles.body ?? "" }}
      closeButtonProps={{ "aria-label": closeLabel }}
    >
      {children}
    </Modal>
  );
}
