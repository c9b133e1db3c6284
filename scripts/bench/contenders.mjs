import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { measureNode } from "./measure.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const collection = join(here, "..", "..", "test", "fixtures", "cometchat.postman_collection.json");

/** Calls in flight, the same for everybody but newman, which knows only one. */
export const concurrency = 16;

/** The built command line under measurement, in the folder of a bench. */
export function runCometform({ cli, folder }, emulator, args) {
  return measureNode([cli, ...args], { cwd: folder, env: emulator?.variables ?? {} });
}

/** The plan's calls as the floor sends them; made by a run that nobody measures. */
export async function planCalls(bench, emulator, { manifest, pace }) {
  const file = join(bench.folder, "plan.json");
  await runCometform(bench, emulator, ["plan", "--quiet", ...pace, "--out", file, manifest]);
  const plan = JSON.parse(readFileSync(file, "utf8"));
  const positions = new Map(plan.steps.map(({ id }, at) => [id, at]));
  const calls = plan.steps.map(({ call, dependsOn, after }) => ({
    method: call.method,
    path: call.path,
    body: call.body,
    waits: [...dependsOn, ...after].map((id) => positions.get(id)),
  }));
  return { calls, totals: plan.calls };
}

/** Sends given reads and then given calls: `floor` with Node's own client, `got-loop` with got. */
export function replay(bench, emulator, { name, reads = [], calls = [] }) {
  return runContender(bench, emulator, { name, reads, calls });
}

/** Reads everything and writes everything, one call for each object. */
export function runScript(bench, emulator, { dialect, world }) {
  return runContender(bench, emulator, { name: "script", dialect, world });
}

/** Creates every object by the collection's requests, or writes every user where `isChange`. */
export function runNewman(bench, emulator, { world, isChange }) {
  const runs = isChange ? updateRuns(world) : createRuns(world);
  return runContender(bench, emulator, { name: "newman", collection, runs });
}

/** How many requests newman sends for a world. */
export function newmanCalls({ roles, users, groups, members }, isChange) {
  return isChange ? users.length : roles.length + users.length + groups.length + members.length;
}

async function runContender(bench, { baseUrl, apiKey }, { name, ...rest }) {
  const job = join(bench.folder, "job.json");
  writeFileSync(job, JSON.stringify({ baseUrl, apiKey, concurrency, ...rest }));
  const script = join(here, "contenders", `${name}.mjs`);
  const result = await measureNode(["--max-old-space-size=8000", script, job], {
    cwd: bench.folder,
  });
  return { ...result, ...JSON.parse(result.stdout.trim().split("\n").at(-1)) };
}

function createRuns({ roles, users, groups, members }) {
  return [
    { item: "Create Role", body: places(["role", "name"]), rows: roles },
    ...withAndWithout("role", users).map(({ names, rows }) => ({
      item: "Create User",
      body: places(["uid", "name", ...names]),
      rows,
    })),
    {
      item: "Create Group",
      body: { ...places(["guid", "name", "owner"]), type: "public" },
      rows: groups,
    },
    {
      item: "Add Members",
      body: { participants: ["{{uid}}"] },
      variable: { key: "guid", value: "{{guid}}" },
      rows: members,
    },
  ];
}

function updateRuns({ users }) {
  return [
    {
      item: "Update User",
      body: places(["name"]),
      variable: { key: "uid", value: "{{uid}}" },
      rows: users,
    },
  ];
}

/** A template has no attribute that only some rows have. */
function withAndWithout(name, rows) {
  return [
    { names: [name], rows: rows.filter((row) => row[name] !== undefined) },
    { names: [], rows: rows.filter((row) => row[name] === undefined) },
  ];
}

function places(names) {
  return Object.fromEntries(names.map((name) => [name, `{{${name}}}`]));
}
