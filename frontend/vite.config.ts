import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import type { Plugin } from "vite";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const NOTICES = "third-party-licences.txt";

/** The folder of the package that a file comes from; none for our own. */
function packageOf(file: string): string | undefined {
  return /^\0?(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}

/** The texts of a package's licence; where a package under MIT brings none, its author's name and the text of MIT. */
function textsOf(folder: string, license: string, author: unknown): string[] {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  if (files.length > 0) return files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  if (license !== "MIT" || typeof author !== "string") throw new Error(`${folder} brings no text of its licence: add one`);
  return [`Copyright (c) ${author}`, readFileSync(join(HERE, "licences", "MIT.txt"), "utf8").trim()];
}

function noticeOf(folder: string): string {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
  return [`${name} ${version} (${license})`, ...textsOf(folder, license ?? "", author)].join("\n\n");
}

/** Writes beside the portal's files whose work is in them, each package with its version and licence. */
function thirdPartyLicences(): Plugin {
  return {
    name: "third-party-licences",
    apply: "build",
    generateBundle(_options, bundle) {
      // Fonts come by stylesheets, which import them without being modules.
      const assets = Object.values(bundle).flatMap((file) => (file.type === "asset" ? file.originalFileNames : []));
      const files = [...this.getModuleIds(), ...assets.map((file) => resolve(HERE, file))];
      const folders = new Set(files.map(packageOf).filter((folder) => folder !== undefined));
      const notices = [...new Set([...folders].map(noticeOf))].sort();
      this.emitFile({ type: "asset", fileName: NOTICES, source: `${notices.join(`\n\n${"-".repeat(80)}\n\n`)}\n` });
    },
  };
}

// The page is served by Django at any address; its files always lie under /static/portal/.
export default defineConfig(({ command }) => ({
  base: command === "build" ? "/static/portal/" : "/",
  plugins: [react(), thirdPartyLicences()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "dist",
    manifest: true,
    sourcemap: false,
    // Fonts and pictures stay files: the content security policy allows no data: fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    css: false,
  },
}));
