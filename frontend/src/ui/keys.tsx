import { Kbd } from "@mantine/core";

export function Keys({ keys }: { readonly keys: readonly string[] }) {
  return (
    <span style={{ display: "inline-flex", gap: 4 }} translate="no">
      {keys.map((key, at) => (
        <Kbd key={at} size="xs">
          {key}
        </Kbd>
      ))}
    </span>
  );
}
