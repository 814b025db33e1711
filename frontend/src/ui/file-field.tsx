import { FileInput } from "@mantine/core";

interface Props {
  readonly label: string;
  readonly placeholder: string;
  readonly accept: string;
  readonly hint?: string;
  /** The chosen file's text; empty when it was taken away. */
  readonly onText: (text: string) => void;
}

/** One file, whose text is read here. */
export function FileField({ label, placeholder, accept, hint, onText }: Props) {
  return <FileInput label={label} placeholder={placeholder} description={hint} accept={accept} clearable onChange={(file) => { void (file ? file.text() : Promise.resolve("")).then(onText); }} />;
}
