import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measure } from "./measure.mjs";

// It would ask its maker for news, and read the user's own settings.
const env = { CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", TF_CLI_CONFIG_FILE: "/dev/null" };
const flags = ["-input=false", "-no-color"];

/** Has terraform plan as many new resources as our plan has objects; its own provider needs no network. */
export async function measureTerraform(bench, sizes) {
  const { status, stdout } = spawnSync("terraform", ["version"], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  if (status !== 0) return { version: undefined, rows: [] };
  const rows = [];
  for (const size of sizes) {
    const row = { name: "terraform", size, latencyMs: 0, cell: `${size} resources` };
    row.why = bench.pastPatience(row, size);
    if (row.why === undefined) {
      bench.progress(`terraform plan ${size} resources`);
      Object.assign(row, await plan(bench, size));
      bench.learn({ ...row, reads: 0, writes: size });
    }
    rows.push(row);
  }
  return { version: stdout.split("\n")[0], rows };
}

/** One block with a count is the least that terraform can be given to parse. */
async function plan(bench, size) {
  const cwd = join(bench.folder, `terraform-${size}`);
  mkdirSync(cwd, { recursive: true });
  const block = `resource "terraform_data" "object" {\n  count = ${size}\n  input = "Object \${count.index}"\n}\n`;
  writeFileSync(join(cwd, "main.tf"), block);
  const steps = [];
  for (const command of ["init", "plan"]) {
    const result = await measure("terraform", [command, ...flags], { cwd, env });
    if (result.code !== 0)
      throw new Error(`terraform ${command} ended with ${result.code}:\n${result.stderr}`);
    steps.push(result);
  }
  return steps[1];
}
