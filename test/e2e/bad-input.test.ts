import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CliResult } from "../support/cli.ts";
import { setStage } from "../support/stage.ts";

const stage = setStage("once");

function run(
  args: readonly string[],
  env: { readonly [name: string]: string } = {},
): Promise<CliResult> {
  return stage.run(args, { env: { ...stage.app.env, ...env } });
}

const { put } = stage;

/** Says what is wrong, to people and to programs, and does not reach the app. */
async function expectInvalid(file: string, ...messages: readonly string[]): Promise<void> {
  const [{ exit, stdout, stderr }, json] = await Promise.all([
    run(["apply", "--yes", file]),
    run(["validate", "--json", file]),
  ]);
  expect({ exit, stdout }).toEqual({ exit: 3, stdout: "" });
  for (const message of messages) {
    expect(stderr).toContain(message);
  }
  expect(stderr).not.toMatch(/^ +at .*:\d+:\d+/m);
  const parsed = JSON.parse(json.stdout);
  expect({ exit: json.exit, ...parsed }).toMatchObject({ exit: 3, formatVersion: 1, valid: false });
  expect(parsed.diagnostics.length).toBeGreaterThan(0);
  expect(await stage.app.takeLog()).toEqual([]);
}

describe("a manifest is refused with exit 3, a place and advice", () => {
  test.each([
    [
      "broken YAML",
      "version: 1\nusers: { alice: { name: Alice }\n",
      ["manifest.yaml:2:32", "not valid YAML"],
    ],
    [
      "a wrong type",
      "version: 1\nusers:\n  alice:\n    name: [Alice]\n",
      ["manifest.yaml:4:5", "name must be a string", "^^^^"],
    ],
    [
      "an unknown attribute",
      "version: 1\nusers:\n  alice:\n    nmae: Alice\n",
      ["manifest.yaml:4:5", '"nmae"', 'did you mean "name"?'],
    ],
    [
      "members that are no list",
      "version: 1\ngroups: { a: { name: A, type: public, members: { admins: 7 } } }\n",
      ["manifest.yaml:2"],
    ],
    [
      "a key that is there twice",
      "version: 1\nusers:\n  alice: { name: A }\n  alice: { name: B }\n",
      ["manifest.yaml:4:3", "alice"],
    ],
    [
      "two ids that are one after lower-casing",
      "version: 1\nusers:\n  alice: { name: A }\n  Alice: { name: B }\n",
      ["manifest.yaml:4:3", "alice"],
    ],
    ["nothing but a comment", "# nothing\n", ["manifest.yaml:1"]],
    ["no bytes at all", "", ["manifest.yaml:1"]],
    ["a list", "- 1\n- 2\n", ["manifest.yaml:1"]],
    [
      "an appId that is none",
      "version: 1\nprovider: { appId: 'a b/../c' }\n",
      ["manifest.yaml:2", "appId"],
    ],
    [
      "a region that is none",
      "version: 1\nprovider: { region: mars }\n",
      ["manifest.yaml:2", "region"],
    ],
    [
      "an unset variable",
      "version: 1\nusers: { a: { name: '${NOT_SET}' } }\n",
      ["manifest.yaml:2", "NOT_SET"],
    ],
    [
      "a key of ours",
      "version: 1\nusers: { a: { name: '${COMETCHAT_API_KEY}' } }\n",
      ["manifest.yaml:2", "COMETCHAT_API_KEY"],
    ],
    [
      "a password in the open",
      "version: 1\ngroups: { a: { name: A, type: password, password: secret } }\n",
      ["manifest.yaml:2", "password"],
    ],
  ])("%s", async (_, text, messages) => {
    put("manifest.yaml", text);
    await expectInvalid("manifest.yaml", ...messages);
  });

  test.each([
    ["prose", "lorem ipsum dolor sit amet, consectetur\n"],
    ["empty lines", "\n"],
    ["blanks", "\t\n"],
    ["carriage returns", "\r"],
    ["one bracket after another", "[{"],
  ])("5 MB of %s, in no time", async (_, text) => {
    put("junk.yaml", text.repeat(5_242_880 / text.length));
    const startMs = performance.now();
    await expectInvalid("junk.yaml", "junk.yaml");
    expect(performance.now() - startMs).toBeLessThan(20_000);
  });

  test("bytes that are no text, a folder without manifests, and what does not exist", async () => {
    put("bytes.yaml", new Uint8Array(1_000).fill(0xff));
    mkdirSync(join(stage.folder, "folder"));
    await expectInvalid("bytes.yaml", "bytes.yaml is not UTF-8 text");
    await expectInvalid("folder", "The folder folder has no *.yaml or *.yml file");
    await expectInvalid("missing.yaml", "missing.yaml does not exist");
  });

  test("no manifest at all", async () => {
    const { exit, stdout, stderr } = await run(["plan"]);
    expect({ exit, stdout }).toEqual({ exit: 3, stdout: "" });
    expect(stderr).toContain("There is no cometform.yaml here");
    expect(stderr).toContain("cometform init");
    const json = await run(["plan", "--json"]);
    expect(Object.keys(JSON.parse(json.stdout))).toEqual(["formatVersion", "diagnostics"]);
  });
});
