// What it takes to validate manifests of thousands of users, as YAML and from a table, next to what
// the yaml package alone takes to parse the same text: node scripts/bench/manifest.mjs [SIZE…]
// Needs dist/. Prints one line of JSON.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const sizesDefault = [1_000, 10_000, 100_000];
/** Of so many runs the fastest counts: what disturbs a run only makes it slower. */
const rounds = 3;
/** Told by the child itself when it ends, because nobody else can ask for its peak. */
const toldBy = "COMETFORM_BENCH ";
const probe = `data:text/javascript,process.on("exit",()=>process.stderr.write("${toldBy}"+process.resourceUsage().maxRSS))`;

/**
 * Measures each size in whole processes: milliseconds and peak memory of `validate` for YAML and for
 * CSV, and the milliseconds that the yaml package takes inside a process of its own. The ratios are to these.
 */
export function measureManifests({ dist, sizes = sizesDefault, folder }) {
  return sizes.map((users) => {
    const files = writeManifests(folder, users);
    const yamlAlone = fastest(() => parseAlone(files.yaml));
    const yaml = fastest(() => validate(dist, files.yaml));
    const csv = fastest(() => validate(dist, files.csv));
    return {
      users,
      yamlAloneMs: yamlAlone.ms,
      yamlAloneRssMb: yamlAlone.rssMb,
      validateYamlMs: yaml.ms,
      validateYamlRssMb: yaml.rssMb,
      validateCsvMs: csv.ms,
      validateCsvRssMb: csv.rssMb,
      yamlRatio: round(yaml.ms / yamlAlone.ms, 3),
      csvRatio: round(csv.ms / yamlAlone.ms, 3),
    };
  });
}

function writeManifests(folder, users) {
  const head = "version: 1\nroles:\n  staff:\n    name: Staff\nusers:\n";
  const table = `users-${users}.csv`;
  const files = { yaml: join(folder, `${users}.yaml`), csv: join(folder, `${users}-csv.yaml`) };
  const yaml = [head];
  const csv = ["uid,name,role,avatar,statusMessage,tags,metadata.seat,metadata.team\n"];
  for (let index = 0; index < users; index += 1) {
    const avatar = `https://assets.example.com/${index}.png`;
    yaml.push(
      `  user-${index}:\n    name: User Number ${index}\n    role: staff\n    avatar: ${avatar}\n`,
      "    statusMessage: Happy to help\n    tags: [staff, london]\n    metadata:\n",
      `      seat: "${index % 500}"\n      team: blue\n`,
    );
    csv.push(
      `user-${index},User Number ${index},staff,${avatar},Happy to help,staff|london,${index % 500},blue\n`,
    );
  }
  writeFileSync(files.yaml, yaml.join(""));
  writeFileSync(files.csv, `${head}  $from: ${table}\n`);
  writeFileSync(join(folder, table), csv.join(""));
  return files;
}

function fastest(measure) {
  const all = Array.from({ length: rounds }, measure);
  return all.reduce((best, one) => (one.ms < best.ms ? one : best));
}

function validate(dist, file) {
  const started = performance.now();
  const { rssMb } = runChild([join(dist, "cli", "main.js"), "validate", "--quiet", file]);
  return { ms: round(performance.now() - started), rssMb };
}

function parseAlone(file) {
  const { stdout, rssMb } = runChild([fileURLToPath(import.meta.url), "--parse", file]);
  return { ms: round(Number(stdout)), rssMb };
}

function runChild(args) {
  const run = spawnSync(process.execPath, ["--import", probe, ...args], { encoding: "utf8" });
  const told = run.stderr.split(toldBy)[1];
  if (run.status !== 0 || told === undefined) {
    throw new Error(`${args.join(" ")} ended with ${run.status}: ${run.stderr}`);
  }
  return { stdout: run.stdout, rssMb: round(Number(told) / 1024) };
}

function round(number, digits = 0) {
  return Number(number.toFixed(digits));
}

async function printParseMs(file) {
  const { parseDocument } = await import("yaml");
  const text = readFileSync(file, "utf8");
  const started = performance.now();
  const { errors } = parseDocument(text, { uniqueKeys: false });
  if (errors.length > 0) {
    throw errors[0];
  }
  console.log(performance.now() - started);
}

function printAll(sizes) {
  const folder = mkdtempSync(join(tmpdir(), "cometform-bench-"));
  try {
    const dist = join(root, "dist");
    const manifests = measureManifests({ dist, folder, ...(sizes.length > 0 ? { sizes } : {}) });
    console.log(JSON.stringify({ manifests }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [first, ...others] = process.argv.slice(2);
  if (first === "--parse") {
    await printParseMs(others[0]);
  } else {
    printAll([first, ...others].filter((size) => size !== undefined).map(Number));
  }
}
