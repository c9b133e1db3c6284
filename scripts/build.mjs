// Makes dist/: the library as the compiler gives it, and the command line in a few files.
// Plain Node without packages, because set-up uses it, too.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
const bundler = join(root, "node_modules", "rolldown", "bin", "cli.mjs");

/** Builds; returns what went wrong, or "". */
export function build() {
  const compiled = run([compiler, "-p", "tsconfig.build.json", "--noEmitOnError"]);
  if (compiled !== "") {
    return compiled;
  }
  rmSync(join(root, "dist", "cli"), { recursive: true, force: true });
  return run([bundler, "-c", join("scripts", "bundle.config.mjs"), "--logLevel", "warn"]);
}

function run(args) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return status === 0
    ? ""
    : `${error?.message ?? ""}${stdout ?? ""}${stderr ?? ""}` || "It failed.";
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problem = build();
  if (problem !== "") {
    console.error(problem.trim());
    process.exitCode = 1;
  }
}
