import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconButton } from "./icon-button";

/** Switches between dark and light; the browser remembers. */
export function ColorSchemeButton({ toLight, toDark }: { readonly toLight: string; readonly toDark: string }) {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light", { getInitialValueInEffect: false }) === "dark";
  return (
    <IconButton
      icon={isDark ? "sun" : "moon"}
      label={isDark ? toLight : toDark}
      onPress={() => {
        setColorScheme(isDark ? "light" : "dark");
      }}
    />
  );
}
