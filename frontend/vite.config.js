import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { compressed } from "./build/compressed.js";
import { icons } from "./build/icons.js";

const source = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: source("."),
  base: "./",
  publicDir: false,
  plugins: [tailwindcss(), icons(), compressed()],
  build: {
    outDir: source("../deskhand/ui/static"),
    emptyOutDir: true,
    assetsDir: ".",
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    modulePreload: false,
    reportCompressedSize: true,
    target: ["chrome123", "firefox128", "safari17.5"],
    // These versions know light-dark(); older targets would have it rewritten.
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    rolldownOptions: {
      input: {
        workspace: source("js/workspace.js"),
        portal: source("js/portal.js"),
        "workspace-style": source("css/workspace.css"),
        "portal-style": source("css/portal.css"),
        "mail-frame-style": source("css/mail_frame.css"),
      },
      output: {
        entryFileNames: "[name]-[hash:8].js",
        chunkFileNames: "[name]-[hash:8].js",
        assetFileNames: "[name]-[hash:8][extname]",
      },
    },
  },
});
