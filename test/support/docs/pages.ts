import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../cli.ts";

/** A page of Markdown that people read. */
export interface Page {
  /** From the root of the repository. */
  readonly file: string;
  readonly text: string;
}

const PLACES = ["docs", "examples", "integrations"].filter((name) => existsSync(join(root, name)));
const ELSEWHERE = new Set(["node_modules", "decisions", ".cometform"]);

/** Every page whose commands are run; decisions and the changelog tell of times gone by. */
export function readPages(): readonly Page[] {
  const files = ["README.md", "CONTRIBUTING.md", ...PLACES.flatMap(below)];
  return files.map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));
}

/** The decision records and the changelog. */
export function readRecords(): readonly Page[] {
  const folder = join("docs", "decisions");
  const records = readdirSync(join(root, folder)).map((name) => join(folder, name));
  return ["CHANGELOG.md", ...records.toSorted()].map((file) => ({
    file,
    text: readFileSync(join(root, file), "utf8"),
  }));
}

function below(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return ELSEWHERE.has(entry.name) ? [] : below(path);
      return entry.name.endsWith(".md") ? [path] : [];
    });
}
