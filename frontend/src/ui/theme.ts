import { type CSSVariablesResolver, type MantineColorsTuple, createTheme } from "@mantine/core";

const viridian: MantineColorsTuple = [
  "#e6f5f0", "#cdebe1", "#a3dcc9", "#7bd4b6", "#5bcfa9", "#35b38b", "#1d9472", "#137c5f", "#0b6a53", "#07503f",
]; // prettier-ignore
const vermilion: MantineColorsTuple = [
  "#fdeae4", "#fae3dc", "#f7c3b3", "#f5a58d", "#f28a6c", "#e26744", "#cc4a27", "#bf3d1f", "#b3331a", "#8c2511",
]; // prettier-ignore
const graphite: MantineColorsTuple = [
  "#edf0f0", "#aeb7ba", "#869196", "#5d666a", "#4a5256", "#292e30", "#1d2123", "#16191a", "#0f1112", "#0a0c0d",
]; // prettier-ignore

/** The component library in our colours, letters and corners. Values follow tokens.css. */
export const theme = createTheme({
  colors: { viridian, red: vermilion, dark: graphite },
  primaryColor: "viridian",
  primaryShade: { light: 8, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  fontFamily: "var(--sans)",
  fontFamilyMonospace: "var(--mono)",
  defaultRadius: "sm",
  radius: { xs: "3px", sm: "5px", md: "7px", lg: "10px", xl: "16px" },
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.9375rem", lg: "1.125rem", xl: "1.5rem" },
  focusRing: "auto",
  cursorType: "pointer",
  respectReducedMotion: true,
});

const INKS = { "--mantine-color-placeholder": "var(--ink-faint)", "--mantine-color-dimmed": "var(--ink-faint)", "--mantine-color-error": "var(--vermilion)" };

/** Hints, placeholders and errors in our inks: the library's own are too pale to read. */
export const inks: CSSVariablesResolver = () => ({ variables: {}, light: INKS, dark: INKS });
