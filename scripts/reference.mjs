// Writes docs/reference.md from the schemas; with --check it only tells whether the page is as it would be written.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { listAttributes } from "../dist/manifest/attributes.js";
import { bundleManifest } from "../dist/manifest/bundle.js";
import { toPage } from "./reference/page.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const file = join(root, "docs", "reference.md");
const provider = JSON.parse(readFileSync(join(root, "schemas", "cometchat.schema.json"), "utf8"));
const manifest = bundleManifest(provider);
const page = toPage({
  manifest,
  provider,
  list: (...keys) => listAttributes(manifest, keys),
});

if (!process.argv.includes("--check")) {
  writeFileSync(file, page);
} else if (readFileSync(file, "utf8") !== page) {
  console.error("docs/reference.md is not what the schemas say. Write it anew: npm run reference");
  process.exitCode = 1;
}
