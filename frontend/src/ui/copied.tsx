import { CopyButton, UnstyledButton } from "@mantine/core";
import { Icon } from "./icon";
import styles from "./copied.module.css";

/** A digest, id or token that a press copies whole, although it may be shown short. */
export function Copied({ value, shown, label }: { readonly value: string; readonly shown?: string; readonly label: string }) {
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <UnstyledButton className={styles.copied} onClick={copy} aria-label={label}>
          <span className="mono" translate="no" title={value}>
            {shown ?? value}
          </span>
          <Icon name={copied ? "check" : "copy"} size={13} />
        </UnstyledButton>
      )}
    </CopyButton>
  );
}
