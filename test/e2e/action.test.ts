import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildCli, installCli, root, runNode } from "../support/cli.ts";
import { serveGithub } from "../support/github.ts";
import { readEvent } from "../support/github-event.ts";
import { ONE_USER, useWorkshop } from "../support/workshop.ts";

beforeAll(buildCli, 120_000);

const workshop = useWorkshop(ONE_USER);
const program = join(root, "integrations", "github", "main.mjs");
const token = "ghs_0123456789abcdef";

test("the program that GitHub runs plans with the installed command line and comments", async () => {
  const { folder } = workshop;
  const github = await serveGithub();
  installCli(join(folder, "node_modules", ".bin"));
  writeFileSync(join(folder, "event.json"), JSON.stringify(readEvent("pull_request")));
  const env = {
    ...{ GITHUB_API_URL: github.url, GITHUB_EVENT_NAME: "pull_request" },
    ...{
      GITHUB_EVENT_PATH: join(folder, "event.json"),
      GITHUB_OUTPUT: join(folder, "outputs.txt"),
    },
    ...{ GITHUB_REPOSITORY: "acme/chat", GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder },
    ...{ INPUT_ARGS: "--emulator", INPUT_VERSION: "installed", INPUT_GITHUB_TOKEN: token },
  };
  const { exit, stdout, stderr } = await runNode([program], { cwd: folder, env });
  await github.close();
  expect(stderr).toBe("");
  expect(exit).toBe(0);
  expect(stdout).toContain("+ user/ann");
  expect(stdout).not.toContain(token);
  expect(github.comments.map(({ body }) => body)).toEqual([expect.stringContaining("user/ann")]);
  expect(readFileSync(join(folder, "outputs.txt"), "utf8")).toMatch(
    /^digest<<end-.+\n[0-9a-f]{64}\n/m,
  );
});

test("a version that is named is installed in a folder of its own, without scripts and without the token", async () => {
  const { folder } = workshop;
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const bin = join(folder, "bin");
  mkdirSync(bin);
  // Stands in for npm: tells what it was given, and that it failed.
  writeFileSync(
    join(bin, "npm"),
    '#!/bin/sh\necho "$PWD $* ${INPUT_GITHUB_TOKEN:-none}" >&2\nexit 1\n',
  );
  chmodSync(join(bin, "npm"), 0o755);
  const env = {
    ...{ GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder, INPUT_GITHUB_TOKEN: token },
    ...{ PATH: `${bin}:${process.env["PATH"]}`, GITHUB_EVENT_NAME: "push" },
    INPUT_VERSION: version,
  };
  const { exit, stdout } = await runNode([program], { cwd: folder, env });
  expect(exit).toBe(1);
  expect(stdout).toMatch(
    new RegExp(`cometform-tool-\\w+ install .*--ignore-scripts .* cometform@${version} none\n`),
  );
  expect(stdout).toContain(`::error title=cometform@${version} could not be installed::`);
});
