// Writes docs/reference.md from the schemas; with --check it only tells whether the page is as it would be written.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { listAttributes } from "../dist/manifest/attributes.js";
import { createCollection } from "../dist/providers/cometchat/dialects/collection.js";
import { createVendor } from "../dist/providers/cometchat/dialects/vendor.js";
import { toPage } from "./reference/page.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const file = join(root, "docs", "reference.md");
const schemas = Object.fromEntries(
  ["manifest.schema.json", "cometchat.schema.json"].map((name) => [
    name,
    JSON.parse(readFileSync(join(root, "schemas", name), "utf8")),
  ]),
);
const page = toPage({
  schemas,
  dialects: [createVendor("app"), createCollection()],
  list: (reference) => listAttributes(schemas, reference),
});

if (!process.argv.includes("--check")) {
  writeFileSync(file, page);
} else if (readFileSync(file, "utf8") !== page) {
  console.error("docs/reference.md is not what the schemas say. Write it anew: npm run reference");
  process.exitCode = 1;
}
