import { fitExponent } from "./growth.mjs";

/**
 * Holds what was measured against every limit. A gate is a number of calls and fails the run; of a ratio it is only
 * told whether it is met, because the machine has a say in it.
 */
export function judge(results) {
  return [
    ...gatesOf(results.cells),
    ...results.broken.map(({ name }) => gate(`${name}: failures`, 1, 0)),
    ...largeApp(results.largeApp ?? []),
    ...quotas(results.quotas ?? []),
    ...floors(results),
    ...rivals(results),
    ...growth(results),
    ...startup(results.startup),
    ...manifests(results.manifests),
  ];
}

/** Whether every gate holds. */
export function passes(limits) {
  return limits.every(({ isGate, isMet }) => !isGate || isMet);
}

function ratio(what, value, max, unit = "×") {
  return { what, value, max, unit, isGate: false, isExact: false, isMet: value <= max };
}

function gate(what, value, max) {
  return { what, value, max, unit: "calls", isGate: true, isExact: true, isMet: value === max };
}

function gatesOf(cells) {
  return cells
    .filter(({ name }) => name === "cometform")
    .flatMap((row) => {
      const at = `${row.cell}, ${row.phase}`;
      if (row.broken !== undefined) return [gate(`${at}: failures`, 1, 0)];
      if (row.phase === "cold") return coldGates(row, at);
      if (row.phase === "no-op") {
        return [
          gate(`${at}: reads`, row.reads, row.planReads),
          gate(`${at}: writes`, row.writes, 0),
        ];
      }
      return [gate(`${at}: writes`, row.writes, row.changedCalls)];
    });
}

/** Where creates share calls there are fewer than one by one, and the bound is the plan's own. */
function coldGates(row, at) {
  const most = row.createCalls;
  const oneByOne = row.totals.total > most || row.dialect === "collection";
  return [
    gate(`${at}: writes, as planned`, row.writes, row.totals.total),
    // What is split for time has more calls than the fewest: then fewer minutes are its bound.
    ...(row.totals.split === null
      ? [gate(`${at}: the plan, by its bound`, row.totals.total, row.totals.lowerBound)]
      : [gate(`${at}: minutes saved by more calls`, Number(isSooner(row.totals.split)), 1)]),
    ...(oneByOne ? [gate(`${at}: the plan, by the world`, row.totals.total, most)] : []),
    ...(row.quota === "none" ? [gate(`${at}: refused`, row.refused, 0)] : []),
  ];
}

function isSooner({ minutes, fewestMinutes }) {
  return minutes < fewestMinutes;
}

function largeApp(rows) {
  return rows.flatMap(({ name, reads, others, optimum, rssMb }) => [
    {
      ...ratio(
        `1,000 of 1,000,000 users, ${name}: reads of users`,
        reads - others,
        2 * optimum,
        "calls",
      ),
      isGate: true,
      isExact: false,
    },
    ratio(`1,000 of 1,000,000 users, ${name}: memory`, rssMb, 250, "MB"),
  ]);
}

function quotas(rows) {
  return (
    rows
      // What is not a number is a limit that was missed.
      .filter(({ minimumMs }) => minimumMs !== 0)
      .map(({ dialect, count, quota, wallMs, minimumMs }) =>
        ratio(
          `${count} users at ${quota} calls a minute, ${dialect}: of the minimum`,
          wallMs / minimumMs,
          1.05,
        ),
      )
  );
}

function floors({ cells, table }) {
  const ours = cells.filter(({ name, phase }) => name === "cometform" && phase === "cold");
  const applies = ours.flatMap((row) => {
    const against = row.latencyMs === 0 ? "got-loop" : "floor";
    const other = partner(cells, row, against);
    return other === undefined
      ? []
      : [ratio(`${row.cell}, cold: apply to ${against}`, row.wallMs / other.wallMs, 1.25)];
  });
  if (table === undefined) return applies;
  const { count, parsed, planned, floor } = table;
  const beyondMs = planned.wallMs - parsed.wallMs;
  return [
    ...applies,
    ratio(
      `plan of ${count} unchanged users of CSV, beyond the manifest: to floor`,
      beyondMs / floor.innerMs,
      2,
    ),
    ratio(`plan of ${count} unchanged users of CSV: memory`, planned.rssMb, 500, "MB"),
  ];
}

function rivals({ cells, growth: plans = [], terraform }) {
  const ours = cells.filter(({ name }) => name === "cometform");
  const inCells = ours.flatMap((row) =>
    ["newman", "script"].flatMap((name) => {
      const other = partner(cells, row, name);
      if (other === undefined) return [];
      const isOneByOne = name === "script" && row.dialect === "collection" && row.phase === "cold";
      return [
        ratio(
          `${row.cell}, ${row.phase}: to ${name}`,
          row.wallMs / other.wallMs,
          isOneByOne ? 1.1 : 1,
        ),
      ];
    }),
  );
  const planned = (terraform?.rows ?? []).flatMap(({ size, wallMs }) => {
    const own = plans.find((row) => row.name === "plan" && row.size === size);
    return own === undefined || wallMs === undefined
      ? []
      : [ratio(`plan of ${size} objects: to terraform`, own.wallMs / wallMs, 1)];
  });
  return [...inCells, ...planned];
}

function growth({ growth: rows = [], cells }) {
  const applies = ["vendor", "collection"].flatMap((dialect) =>
    cells
      .filter((row) => row.name === "cometform" && row.phase === "cold" && row.dialect === dialect)
      .filter(({ size, latencyMs, quota }) => size >= 1_000 && latencyMs === 0 && quota === "none")
      .map((row) => ({ ...row, name: `apply, ${dialect}` })),
  );
  const all = [...rows.filter(({ size }) => size >= 1_000), ...applies];
  return [...new Set(all.map(({ name }) => name))].flatMap((name) => {
    const own = all.filter((row) => row.name === name);
    if (own.length < 3) return [];
    return [
      ["time", "wallMs"],
      ["memory", "rssMb"],
    ].map(([what, attribute]) => {
      const points = own.map((row) => ({ size: row.size, value: row[attribute] }));
      const last = fitExponent(points.slice(-2));
      return {
        ...ratio(`${name}: exponent of ${what}`, fitExponent(points), 1.1, ""),
        note: `${last.toFixed(2)} in the last step`,
      };
    });
  });
}

function startup(measured) {
  if (measured === undefined) return [];
  return [ratio("plan --help: to node -e 0", measured.help.wallMs / measured.node.wallMs, 3)];
}

/** Ratios of whole processes to what the yaml package alone takes for the same users. */
function manifests(rows = []) {
  const largest = rows.toSorted((a, b) => a.users - b.users).at(-1);
  if (largest === undefined) return [];
  return [
    ratio(`validate ${largest.users} users of YAML: to yaml alone`, largest.yamlRatio, 1.3),
    ratio(`validate ${largest.users} users of CSV: to yaml alone`, largest.csvRatio, 0.2),
  ];
}

function partner(cells, row, name) {
  return cells.find(
    (other) =>
      other.name === name &&
      other.cell === row.cell &&
      other.phase === row.phase &&
      other.wallMs !== undefined,
  );
}
