import "@mantine/core/styles.css";
import "./tokens.css";
import "./base.css";
import { MantineProvider } from "@mantine/core";
import type { ReactNode } from "react";
import { inks, theme } from "./theme";
import { ToastDeck } from "./toasts";

/** Everything that draws stands inside this. */
export function Design({ children, instant = false }: { readonly children: ReactNode; readonly instant?: boolean }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={inks} defaultColorScheme="auto" env={instant ? "test" : "default"}>
      <ToastDeck>{children}</ToastDeck>
    </MantineProvider>
  );
}
