import { passes } from "./limits.mjs";
import { count, megabytes, seconds, toTable } from "./text.mjs";

const contenders = {
  cometform: "`cometform apply --yes`, the whole process, with its reads before and after",
  floor:
    "exactly the plan's calls, from Node's own client on 16 kept connections; for a no-op the plan's reads",
  "got-loop": "the same calls from got, 16 at a time",
  script: "got and p-limit, 16 at a time: read everything, then one call for each object",
  newman: "the Postman collection, one request after the other",
};

/** The page of benchmarks: the machine, the limits, the cells, and what was not run. */
export function toPage(results, limits) {
  return [
    "# Benchmarks",
    "",
    "Written by `npm run bench`. Numbers of calls fail the run if they are wrong. Times are those of whole processes on",
    "one machine: their ratios mean something, they themselves little. The emulator runs in a process of its own, the same one for all",
    "contenders of a cell.",
    "",
    "## The machine",
    "",
    machineText(results.machine),
    "",
    "## Limits",
    "",
    toLimits(limits),
    "",
    "## Contenders",
    "",
    ...Object.entries(contenders).map(([name, text]) => `- **${name}**: ${text}.`),
    "",
    "A world of N objects has four roles, 60 % users, 10 % groups and memberships for the rest. *Cold* creates it in an empty app, *no-op*",
    "finds it as it is, *1 % changed* finds other names for every hundredth user and group. The script leaves members that are",
    "there alone; newman reads nothing, so it sends everything again, or writes every user where some have changed. The script and newman are given JSON and",
    "no marks.",
    "",
    "## Cells",
    "",
    toCells(results.cells),
    "",
    ...toOthers(results),
    "## Not run",
    "",
    toMissing(results),
    "",
    "## Doing it again",
    "",
    "<!-- not run: the benchmark takes minutes; test/e2e/bench.test.ts has its gates -->",
    "```sh",
    "npm run bench                       # all that ends in a sane time, and this page",
    "npm run bench -- --full             # also what takes hours",
    "npm run bench -- --quick            # the gates alone, on small worlds; writes no page",
    "npm run bench -- --only '10000 0ms,table' # cells and other measurements whose names have one of these",
    "npm run bench -- --json FILE        # every number",
    "```",
    "",
  ].join("\n");
}

/** Each limit with what was measured and whether it is met. */
export function toLimits(limits) {
  const rows = limits.map(({ what, value, max, unit, isMet, isExact, note }) => [
    what,
    `${shown(value, unit)}${note === undefined ? "" : ` (${note})`}`,
    `${isExact ? "= " : "≤ "}${shown(max, unit)}`,
    isMet ? "pass" : "FAIL",
  ]);
  return toTable([["what", "measured", "limit", ""], ...rows]);
}

/** One line that says how it went. */
export function toVerdict(limits) {
  const missed = limits.filter(({ isMet }) => !isMet);
  const broken = missed.filter(({ isGate }) => isGate).length;
  const met = `${limits.length - missed.length} of ${limits.length} limits are met`;
  return passes(limits)
    ? `${met}; every count is exact.`
    : `${met}; ${broken} ${broken === 1 ? "count is" : "counts are"} wrong.`;
}

function shown(value, unit) {
  if (unit === "calls") return count(value);
  if (unit === "MB") return megabytes(value);
  return `${Number(value.toFixed(3))}${unit === "" ? "" : ` ${unit}`}`;
}

function machineText({ cpu, cores, memoryGb, node, system, load, measuredBy }) {
  const busy =
    load > 1
      ? ` It was busy with other work: its load was ${load.toFixed(1)} at the start, so that wall times say little and CPU times more.`
      : "";
  return `${cpu}, ${cores} cores, ${memoryGb} GB; Node ${node} on ${system}. Time and memory of processes by ${measuredBy}.${busy}`;
}

function toCells(cells) {
  const rows = cells
    .filter(({ wallMs }) => wallMs !== undefined)
    .map((row) => {
      const ours = cells.find(
        ({ cell, phase, name }) => cell === row.cell && phase === row.phase && name === "cometform",
      );
      return [
        row.cell,
        row.phase,
        row.name,
        count(row.reads),
        count(row.writes),
        seconds(row.wallMs),
        seconds(row.cpuMs),
        megabytes(row.rssMb),
        row.name === "cometform" || ours?.wallMs === undefined
          ? ""
          : (ours.wallMs / row.wallMs).toFixed(2),
      ];
    });
  const head = [
    "cell",
    "phase",
    "contender",
    "reads",
    "writes",
    "wall",
    "CPU",
    "memory",
    "ours to it",
  ];
  return toTable([head, ...rows]);
}

function toOthers({
  manifests = [],
  growth = [],
  terraform,
  largeApp = [],
  quotas = [],
  table,
  startup,
}) {
  const rows = [
    ...manifests.flatMap(manifestRows),
    ...growth.map((row) => [`${row.name} ${count(row.size)} objects`, "", row]),
    ...(terraform?.rows ?? [])
      .filter(({ wallMs }) => wallMs !== undefined)
      .map((row) => [`terraform plan ${count(row.size)} resources`, "", row]),
    ...largeApp.map((row) => [`1,000 of 1,000,000 users, ${row.name}`, count(row.reads), row]),
    ...quotas.map((row) => [
      `${row.count} users, ${row.quota} calls a minute, ${row.dialect}`,
      count(row.calls),
      row,
    ]),
    ...(table === undefined ? [] : tableRows(table)),
    ...(startup === undefined
      ? []
      : [
          ["node -e 0", "", startup.node],
          ["plan --help", "", startup.help],
        ]),
  ];
  if (rows.length === 0) return [];
  const shownRows = rows.map(([what, calls, { wallMs, cpuMs, rssMb }]) => [
    what,
    calls,
    seconds(wallMs),
    seconds(cpuMs),
    megabytes(rssMb),
  ]);
  return ["## Others", "", toTable([["what", "calls", "wall", "CPU", "memory"], ...shownRows]), ""];
}

function manifestRows({ users, ...ms }) {
  return [
    [`yaml alone, ${count(users)} users`, "", { wallMs: ms.yamlAloneMs, rssMb: ms.yamlAloneRssMb }],
    [
      `validate ${count(users)} users of YAML`,
      "",
      { wallMs: ms.validateYamlMs, rssMb: ms.validateYamlRssMb },
    ],
    [
      `validate ${count(users)} users of CSV`,
      "",
      { wallMs: ms.validateCsvMs, rssMb: ms.validateCsvRssMb },
    ],
  ];
}

function tableRows({ count: users, reads, parsed, planned, floor }) {
  return [
    [`validate ${count(users)} users of CSV`, "", parsed],
    [`plan ${count(users)} unchanged users of CSV`, count(reads), planned],
    ["the floor of its reads", count(reads), floor],
  ];
}

function toMissing({ cells, terraform, skipped, broken: stopped }) {
  const late = [...cells, ...(terraform?.rows ?? [])]
    .filter(({ why }) => why !== undefined)
    .map(
      ({ cell, phase, name, why }) =>
        `- ${[cell, phase, name].filter(Boolean).join(", ")}: would take ${why}.`,
    );
  return [
    ...late,
    ...cells
      .filter(({ broken }) => broken !== undefined)
      .map(
        ({ cell, phase, name, broken }) =>
          `- ${cell}, ${phase}, ${name}: failed: ${broken.split("\n")[0]}`,
      ),
    ...(terraform !== undefined && terraform.version === undefined
      ? ["- terraform: it is not on the PATH."]
      : []),
    ...stopped.map(({ name, message }) => `- ${name}: failed: ${message}`),
    ...skipped.map((name) => `- ${name}.`),
  ].join("\n");
}
