import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Vite plugin: writes icons.json, every lucide icon's name with what stands inside its <svg>. */
export function icons() {
  return {
    name: "deskhand-icons",
    apply: "build",
    async generateBundle() {
      const folder = join(dirname(createRequire(import.meta.url).resolve("lucide-static/package.json")), "icons");
      const files = (await readdir(folder)).filter((name) => name.endsWith(".svg")).sort();
      const entries = await Promise.all(files.map((file) => entry(folder, file)));
      this.emitFile({ type: "asset", fileName: "icons.json", source: JSON.stringify(Object.fromEntries(entries)) });
    },
  };
}

async function entry(folder, file) {
  const svg = await readFile(join(folder, file), "utf8");
  const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return [file.slice(0, -".svg".length), body.replace(/\s+/g, " ").trim()];
}
