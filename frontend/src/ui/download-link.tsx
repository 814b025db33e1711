import { Button as Primitive } from "@mantine/core";
import { Icon } from "./icon";

/** A plain link to a file, so that the browser streams it to disk. */
export function DownloadLink({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <div>
      <Primitive component="a" href={href} download size="sm" leftSection={<Icon name="exit" size={16} />}>
        {children}
      </Primitive>
    </div>
  );
}
