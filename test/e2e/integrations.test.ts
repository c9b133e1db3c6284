import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { buildCli, installCli, root } from "../support/cli.ts";
import { templateWith } from "../support/gitlab.ts";
import { ONE_USER, useWorkshop } from "../support/workshop.ts";

beforeAll(buildCli, 120_000);

const workshop = useWorkshop(ONE_USER);
const user = ONE_USER["cometform.yaml"];
const hasShellcheck = spawnSync("shellcheck", ["--version"]).status === 0;
const jobs = templateWith({
  ...{ args: "--emulator", "plan-args": "--max-duration 10m", "drift-args": "--read list" },
  ...{ policy: "keep.yaml", project: "acme/cometform", "working-directory": "chat" },
}).jobs;

interface Shell {
  readonly exit: number | null;
  readonly output: string;
}

/** Runs the script of a job as a runner does, with our command line in place of the installed one. */
function runJob(name: string, manifest: string = user): Shell {
  const { folder } = workshop;
  mkdirSync(join(folder, "chat"), { recursive: true });
  writeFileSync(join(folder, "chat", "cometform.yaml"), manifest);
  const bin = join(folder, "bin");
  installCli(bin);
  const policy = readFileSync(join(root, "examples", "policies", "keep-users.yaml"), "utf8");
  writeFileSync(join(folder, "chat", "keep.yaml"), policy);
  // The checkout is a folder with a build that tells whether it was given a key.
  const build = 'console.log("build", process.env.COMETCHAT_API_KEY ?? "keyless")';
  const checkout = `mkdir -p "$2/scripts" && echo '${build}' >"$2/scripts/build.mjs"`;
  const git = `#!/bin/sh\necho "git $*"\n[ "$3" != checkout ] || { ${checkout}; }\n`;
  writeFileSync(join(bin, "git"), git, { mode: 0o755 });
  const packages = join(folder, "packages");
  mkdirSync(packages, { recursive: true });
  writeFileSync(join(bin, "npm"), `#!/bin/sh\n[ "$1" != root ] || echo "${packages}"\n`, {
    mode: 0o755,
  });
  if (!existsSync(join(packages, "cometform"))) symlinkSync(root, join(packages, "cometform"));
  const { before_script: before = [], variables } = jobs[".cometform"] ?? {};
  const script = ["set -e", ...before, ...(jobs[name]?.script ?? [])].join("\n");
  const env = {
    ...{ ...variables, PATH: `${bin}:${process.env["PATH"]}`, CI_PROJECT_DIR: folder },
    ...{ CI_SERVER_PROTOCOL: "https", CI_SERVER_HOST: "git.acme.example", CI_SERVER_PORT: "443" },
    ...{ CI_JOB_TOKEN: "job-token", COMETCHAT_API_KEY: "0123456789abcdef" },
  };
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script], {
    ...{ cwd: folder, env, encoding: "utf8" as const },
  });
  return { exit: status, output: stdout + stderr };
}

const readJson = (file: string): unknown =>
  JSON.parse(readFileSync(join(workshop.folder, file), "utf8"));
const write = (text: string): void => writeFileSync(join(workshop.folder, "cometform.yaml"), text);

describe("the jobs for GitLab", () => {
  test("plan, apply that plan, and apply no other", () => {
    const planned = runJob("cometform plan");
    expect(planned).toMatchObject({ exit: 0, output: expect.stringContaining("+ user/ann") });
    const source =
      "https://gitlab-ci-token:job-token@git.acme.example:443/acme/cometform.git v0.1.0\n";
    expect(planned.output).toContain(source);
    expect(planned.output).toContain("build keyless\n");
    expect(readJson("gl-changes-report.json")).toEqual({ create: 1, update: 0, delete: 0 });
    expect(readJson("gl-code-quality-report.json")).toEqual([]);
    const applied = runJob("cometform apply");
    expect(applied).toMatchObject({ exit: 0, output: expect.stringContaining("1 applied") });
    expect(readJson("receipt.json")).toMatchObject({ type: "receipt", converged: true });
    expect(runJob("cometform apply").exit).toBe(7);
  });

  test("tell a merge request what is wrong, at its line", () => {
    const wrong = "version: 1\nusers: { ann: { nam: Ann } }\n";
    expect(runJob("cometform plan", wrong).exit).toBe(3);
    expect(readJson("gl-code-quality-report.json")).toEqual([
      {
        check_name: "manifest/unknown-attribute",
        severity: "critical",
        description: expect.stringContaining("nam"),
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        location: { path: "chat/cometform.yaml", lines: { begin: 2 } },
      },
    ]);
  });

  test("look for drift, and fail where there is some", () => {
    runJob("cometform plan");
    runJob("cometform apply");
    expect(runJob("cometform drift").exit).toBe(0);
    const file = join(workshop.folder, "chat", ".cometform", "emulator.json");
    const state = readFileSync(file, "utf8");
    writeFileSync(file, state.replaceAll('"A"', '"B"'));
    expect(runJob("cometform drift").exit).toBe(2);
  });
});

describe("shell", () => {
  const scripts = Object.entries(jobs).flatMap(([name, { before_script = [], script = [] }]) =>
    [...before_script, ...script].map((text) => [name, text] as const),
  );
  test.runIf(hasShellcheck)("that the template has is what shellcheck asks for", () => {
    const shebang = "#!/bin/sh\n# shellcheck disable=SC2164 # the runner stops at what fails\n";
    const found = scripts.map(([name, text]) => {
      const input = shebang + text;
      const { stdout } = spawnSync("shellcheck", ["-f", "gcc", "-"], { input, encoding: "utf8" });
      return `${name}: ${stdout}`;
    });
    expect(found.filter((text) => text.includes("SC"))).toEqual([]);
  });

  test.skipIf(hasShellcheck)("is not checked: shellcheck is not on this machine", () => {
    expect(hasShellcheck).toBe(false);
  });
});

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly args?: readonly string[];
  readonly files: string;
  readonly language: string;
  readonly pass_filenames?: boolean;
}

describe("the hooks of pre-commit", () => {
  const hooks: readonly Hook[] = parse(readFileSync(join(root, ".pre-commit-hooks.yaml"), "utf8"));

  test("run a program that the package brings, on manifests alone", () => {
    const { status, stdout } = spawnSync(
      "npm",
      ["pack", "--dry-run", "--json", "--ignore-scripts", "--offline"],
      { cwd: root, encoding: "utf8" },
    );
    expect(status).toBe(0);
    const [{ files }] = JSON.parse(stdout);
    const packed = new Set((files as readonly { readonly path: string }[]).map(({ path }) => path));
    const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    for (const { id, entry, language, files: pattern } of hooks) {
      const [program = ""] = entry.split(" ");
      expect({ id, language, isPacked: packed.has(join(bin[program])) }).toEqual({
        ...{ id, language: "node", isPacked: true },
      });
      const matched = ["cometform.yaml", "a/cometform.staging.yml", "compose.yaml", "cometform.md"];
      expect(matched.filter((file) => new RegExp(pattern).test(file))).toEqual([
        "cometform.yaml",
        "a/cometform.staging.yml",
      ]);
    }
    for (const file of ["integrations/gitlab/reports.mjs", "docs/library.md", "dist/index.d.ts"]) {
      expect(packed).toContain(file);
    }
  });

  test.each(hooks)(
    "$id passes a good manifest and stops a bad one",
    ({ entry, args = [], pass_filenames: isNamed = true }) => {
      const [, ...words] = entry.split(" ");
      const bin = join(workshop.folder, "bin");
      installCli(bin);
      const commit = (): number | null =>
        spawnSync(
          join(bin, "cometform"),
          [...words, ...args, ...(isNamed ? ["cometform.yaml"] : [])],
          { cwd: workshop.folder },
        ).status;
      write("version: 1\n\nusers:\n  ann:\n    name: Ann\n");
      expect(commit()).toBe(0);
      write("version: 1\nusers: { ann: {name:    Ann, nam: 3} }\n");
      expect(commit()).not.toBe(0);
    },
  );
});

test("the image's files are enough to run, without the packages", () => {
  const { folder } = workshop;
  const home = join(folder, "opt");
  for (const name of ["package.json", "schemas", "docs/errors.md", "dist/cli"]) {
    cpSync(join(root, name), join(home, name), { recursive: true });
  }
  const main = join(home, "dist", "cli", "main.js");
  const call = (...args: readonly string[]) =>
    spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: "utf8" });
  const { status, stdout, stderr } = call("plan", "--emulator");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toContain("+ user/ann");
  expect(call("explain", "manifest/bad-id").stdout).toContain("What happened");
  rmSync(join(home, "docs"), { recursive: true });
  const bare = call("explain", "manifest/bad-id");
  expect(bare).toMatchObject({ status: 1, stderr: expect.stringContaining("docs/errors.md") });
  expect(bare.stderr).not.toContain("bug of ours");
});
