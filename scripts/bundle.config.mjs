// Puts the command line and what it is made of into a few files: reading some hundred small ones takes
// longer than most commands do. What a command does not need stays in files of its own.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "rolldown";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const packages = `${sep}node_modules${sep}`;

export default defineConfig({
  // The others are for tests that run a part of it in processes of their own.
  input: Object.fromEntries(
    ["main", "program", "version", "lock"].map((name) => [
      name,
      join(root, "src", "cli", `${name}.ts`),
    ]),
  ),
  platform: "node",
  output: {
    dir: join(root, "dist", "cli"),
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
  },
  plugins: [{ name: "notices", generateBundle: addNotices }],
});

/** The licences of the packages that are in the files, which ask to be passed on with them. */
function addNotices(_, bundle) {
  const modules = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
  const folders = new Set(modules.filter((id) => id.includes(packages)).map(folderOf));
  const notices = [...folders].sort().map(noticeOf);
  const source = `${notices.join(`\n${"-".repeat(72)}\n\n`)}`;
  this.emitFile({ type: "asset", fileName: "THIRD-PARTY.txt", source });
}

function folderOf(id) {
  const start = id.lastIndexOf(packages) + packages.length;
  const [first = "", second = ""] = id.slice(start).split(sep);
  const name = first.startsWith("@") ? join(first, second) : first;
  return id.slice(id.startsWith("\0") ? 1 : 0, start) + name;
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : `\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  return `${name} ${version}, ${license}\n${text}`;
}
