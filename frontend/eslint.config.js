import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const FEATURES = ["account", "create", "datasets", "entrance", "exit", "gallery", "limits", "members", "oversight", "people", "platform", "provisioning", "registry", "reviews", "roles", "security", "sso", "support", "training", "withheld"];
const fence = (...patterns) => ({
  "no-restricted-imports": ["error", { patterns: patterns.map(([group, message]) => ({ group, message })) }],
});
const MANTINE = [["@mantine/*"], "A feature uses src/ui, never the primitive library."];
const APP = [["@/app/*", "**/app/*"], "Only app puts features together; nothing imports app."];
const TESTING = [["@/testing/*"], "Product code never imports testing."];
const othersOf = (feature) => [
  FEATURES.filter((other) => other !== feature).flatMap((other) => [`@/features/${other}/*`, `**/${other}/*`]),
  "A feature never imports a feature: meet in the URL or in api.",
];

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts"] },
  ...tseslint.configs.strict,
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "max-lines": ["error", { max: 400 }],
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true, named: true } }],
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  { files: ["src/features/**/*.tsx", "src/ui/**/*.tsx", "src/app/**/*.tsx"], ignores: ["**/*.test.tsx"], rules: { "max-lines": ["error", { max: 150 }] } },
  ...FEATURES.map((feature) => ({
    files: [`src/features/${feature}/**`],
    ignores: ["**/*.test.{ts,tsx}"],
    rules: fence(MANTINE, APP, TESTING, othersOf(feature)),
  })),
  { files: ["src/ui/**"], ignores: ["**/*.test.{ts,tsx}"], rules: fence([["@/features/*", "@/api/*"], "ui fetches nothing and knows no feature."], APP, TESTING) },
  { files: ["src/api/**"], ignores: ["**/*.test.ts"], rules: fence([["@/features/*", "@/ui/*"], "api knows no feature and draws nothing."], MANTINE, APP, TESTING) },
  { files: ["src/lib/**"], ignores: ["**/*.test.{ts,tsx}"], rules: fence([["@/features/*", "@/api/*", "@/ui/*"], "lib is the floor."], MANTINE, APP, TESTING) },
  { files: ["eslint.config.js", "vite.config.ts", "e2e/vitest.config.ts"], rules: { "no-restricted-exports": "off" } },
  { files: ["e2e/**"], rules: { "no-console": "off" } },
);
