import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Of so many runs the fastest counts: what disturbs a run only makes it slower. */
const rounds = 3;
/** Told by the child itself when it ends, because nobody else can ask for its peak. */
const toldBy = "COMETFORM_BENCH ";
const probe = `data:text/javascript,process.on("exit",()=>process.stderr.write("${toldBy}"+process.resourceUsage().maxRSS))`;

/**
 * Measures each size in whole processes: milliseconds and peak memory of `validate` for YAML and for
 * CSV, and the milliseconds that the yaml package takes inside a process of its own. The ratios are to these.
 */
export function measureManifests({ cli, folder, progress }, sizes) {
  return sizes.map((users) => {
    progress(`validate ${users} users, and parse them with the yaml package alone`);
    const files = writeManifests(folder, users);
    const yamlAlone = fastest(() => parseAlone(files.yaml));
    const yaml = fastest(() => validate(cli, files.yaml));
    const csv = fastest(() => validate(cli, files.csv));
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
  const head = `version: 1\nroles:\n  staff:\n    name: Staff\n${toGroups(users)}users:\n`;
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

/** A group for each hundred users, with twenty of them in it. */
function toGroups(users) {
  const groups = Array.from({ length: users / 100 }, (_, index) => {
    const members = Array.from({ length: 20 }, (_, at) => `        - user-${index * 100 + at}\n`);
    return `  team-${index}:\n    name: Team ${index}\n    members:\n      participants:\n${members.join("")}`;
  });
  return `groups:\n${groups.join("")}`;
}

function fastest(measure) {
  const all = Array.from({ length: rounds }, measure);
  return all.reduce((best, one) => (one.ms < best.ms ? one : best));
}

function validate(cli, file) {
  const started = performance.now();
  const { rssMb } = runChild([cli, "validate", "--quiet", file]);
  return { ms: round(performance.now() - started), rssMb };
}

function parseAlone(file) {
  const { stdout, rssMb } = runChild([fileURLToPath(import.meta.url), file]);
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

// This file is its own child, so that nothing else is in the process that parses.
if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await printParseMs(process.argv.at(-1));
}
