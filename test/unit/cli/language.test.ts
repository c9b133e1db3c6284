import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "../../../src/cli/program.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

const examples = join(import.meta.dirname, "../../../examples");
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cometform-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(files: { readonly [name: string]: string }): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

interface Result {
  readonly exit: number;
  readonly output: string;
  readonly notes: string;
}

/** Runs a command line in this process; an emulator keeps its app in the folder. */
async function call(
  line: string,
  environment: { readonly [name: string]: string } = {},
): Promise<Result> {
  const terminal = openFakeTerminal({ cwd: folder, environment });
  const exit = await run(line.split(" "), terminal, "1.2.3");
  return { exit, output: terminal.output(), notes: terminal.notes() };
}

async function planOf(line: string, environment?: { readonly [name: string]: string }) {
  const { exit, output, notes } = await call(`plan --emulator --json ${line}`, environment);
  expect([exit, notes]).toEqual([0, ""]);
  const { changes }: Plan = JSON.parse(output);
  return changes.map(({ address, source }) => `${address} ${source?.file}:${source?.line}`);
}

const user = (id: string) => `users:\n  ${id}: { name: ${id} }\n`;

describe("include", () => {
  test("of a folder says which files it is read without, once and unless quiet", async () => {
    put({
      "team/users.yaml": `version: 1\n${user("ann")}`,
      "team/users.eu.yaml": user("bob"),
      "team/other.v2.yaml": user("cid"),
      "alone.yaml": `version: 1\n${user("ann")}`,
      "alone.eu.yaml": user("bob"),
    });
    const note = "team/users.eu.yaml is the overlay of environment eu: not read without --env eu\n";
    expect((await call("plan --emulator team")).notes).toBe(note);
    expect((await call("validate team")).notes).toBe(note);
    expect((await call("validate --quiet team")).notes).toBe("");
    expect((await call("validate team --env eu")).notes).toBe("");
    // Named by itself, a manifest is whole.
    expect((await call("validate alone.yaml")).notes).toBe("");
  });

  test("names files and folders from the folder of the file it stands in", async () => {
    put({
      "app/cometform.yaml": "version: 1\ninclude: [../shared, more/b.yaml, ./cometform.yaml]\n",
      "app/more/b.yaml": user("b"),
      "shared/c.yaml": `include: ./d.yml\n${user("c")}`,
      "shared/d.yml": user("d"),
      "shared/.hidden.yaml": user("hidden"),
      "shared/deep/e.yaml": user("e"),
      "shared/c.staging.yaml": user("never"),
    });
    expect(await planOf("app")).toEqual([
      "user/b app/more/b.yaml:2",
      "user/c shared/c.yaml:3",
      "user/d shared/d.yml:2",
    ]);
  });

  test("reads what is named as well, or by another name, once", async () => {
    put({ "a.yaml": `version: 1\ninclude: ["./b.yaml", ".//b.yaml"]\n`, "b.yaml": user("b") });
    expect(await planOf("./a.yaml b.yaml ./b.yaml")).toEqual(["user/b b.yaml:2"]);
  });

  test("tells what it cannot read where it stands, and exits with 3", async () => {
    put({
      "cometform.yaml": "version: 1\ninclude: [gone.yaml, .env, empty, bad.yaml]\n",
      ".env": "COMETCHAT_API_KEY=the-key\n",
      "empty/readme.md": "",
    });
    writeFileSync(join(folder, "bad.yaml"), new Uint8Array([0xff, 0xfe, 0x41]));
    const { exit, notes } = await call("validate");
    expect(exit).toBe(3);
    for (const words of [
      "cometform.yaml:2:11  gone.yaml does not exist",
      "cometform.yaml:2:22  .env is no manifest by its name",
      "cometform.yaml:2:28  the folder empty has no *.yaml or *.yml file",
      "cometform.yaml:2:35  bad.yaml cannot be read",
    ]) {
      expect(notes).toContain(words);
    }
    expect(notes).not.toContain("the-key");
  });

  test("shows lines of what it names, unless that is no manifest at all", async () => {
    put({
      "cometform.yaml": "version: 1\ninclude: [other.yaml, part.yaml]\n",
      "other.yaml": "database: hunter2\n",
      "part.yaml": "users:\n  ann: { nmae: Ann }\n",
    });
    const { notes } = await call("validate");
    expect(notes).toContain('other.yaml:1:1  unknown attribute "database"');
    expect(notes).not.toContain("hunter2");
    expect(notes).toContain("ann: { nmae: Ann }");
  });
});

describe("--env", () => {
  test("lays the files of that name over those of a folder, and only then reads them", async () => {
    put({
      "m/a.yaml": `version: 1\n${user("a")}  b: { name: B }\n`,
      "m/a.staging.yaml": "users:\n  b: null\n  c: { name: C }\n",
      "m/a.other.yaml": "user: {}\n",
      "m/lonely.staging.yaml": user("lonely"),
    });
    const base = ["user/a m/a.yaml:3", "user/b m/a.yaml:4", "user/lonely m/lonely.staging.yaml:2"];
    expect(await planOf("--quiet m")).toEqual(base);
    expect(await planOf("--env staging m")).toEqual([
      base[0],
      "user/c m/a.staging.yaml:3",
      base[2],
    ]);
    const { exit, notes } = await call("validate --env other m");
    expect(exit).toBe(3);
    expect(notes).toContain('m/a.other.yaml:1:1  unknown attribute "user"');
  });

  test("that is unknown is an error with what is known, and one that is no name wrong usage", async () => {
    put({ "cometform.yaml": "version: 1\n", "cometform.staging.yml": "{}" });
    const { exit, notes } = await call("plan --emulator --env stagin");
    expect(exit).toBe(3);
    expect(notes).toContain('there is no environment "stagin"');
    expect(notes).toContain('did you mean "staging"? known: staging');
    expect((await call("plan --emulator --env a/b")).exit).toBe(64);
  });

  test("is part of the command that applies the plan, and a saved plan needs it again", async () => {
    put({
      "cometform.yaml": "version: 1\nenvironments: { s: { users: { ann: { name: S } } } }\n",
      "cometform.s.yaml":
        "groups:\n  g: { name: G, type: password, owner: ann, password: '${WORD}' }\n",
    });
    const environment = { WORD: "sesame" };
    const { output } = await call("plan --emulator --env s --out p.json", environment);
    expect(output).toContain("Apply with: cometform apply --emulator p.json\n");
    const without = await call("apply --emulator --yes p.json", environment);
    expect(without.exit).toBe(7);
    expect(without.notes).toContain("--env");
    expect((await call("apply --emulator --yes --env s p.json", environment)).exit).toBe(0);
    const next = await call("plan --emulator --env s --verbose", environment);
    expect(next.output).toContain("2 objects match");
    expect((await call("plan --emulator")).output).toContain("0 objects match");
  });
});

describe("a sensitive variable", () => {
  test("is on no screen and in no file, whatever comes of it", async () => {
    const word = "hunter2-secret";
    put({
      "cometform.yaml":
        "version: 1\nvariables: { WORD: { sensitive: true }, N: { type: number, default: 1 } }\nusers:\n  ann: { name: Ann, metadata: { '@private': { pin: '${WORD}' } } }\ngroups:\n  g: { name: G, type: password, owner: ann, password: '${WORD}' }\n",
      "shown.yaml":
        "version: 1\nvariables: { WORD: { sensitive: true } }\nusers:\n  ann: { name: 'Ann ${WORD}', avatar: 'https://x.example.com/${WORD}' }\n",
      "wrong.yaml":
        "version: 1\nvariables: { WORD: { sensitive: true, type: number } }\nusers:\n  ann: { metadata: { '@private': '${WORD}' } }\n",
    });
    const lines = [
      "validate",
      "plan --emulator --verbose --out p.json",
      "apply --emulator --yes --verbose --env none",
      "apply --emulator --yes --verbose --receipt r.json --events e.ndjson",
      "plan --emulator --json shown.yaml",
      "validate --json shown.yaml",
      "validate wrong.yaml",
    ];
    const results: Result[] = [];
    for (const line of lines) results.push(await call(`${line} --var WORD=${word}`));
    expect(results.map(({ exit }) => exit)).toEqual([0, 0, 3, 0, 3, 3, 3]);
    expect(JSON.stringify(results)).not.toContain(word);
    for (const file of ["p.json", "r.json", "e.ndjson"]) {
      expect(readFileSync(join(folder, file), "utf8")).not.toContain(word);
    }
  });
});

describe("the examples", () => {
  test.each([
    ["", ["bistro", 40, "theo"]],
    ["--env staging", ["bistro-staging", 4, "rosa"]],
    ["--env production", ["bistro-production", 120, "theo"]],
  ])("of environments are applied, and planned again change nothing: %s", async (env, expected) => {
    cpSync(join(examples, "environments"), folder, { recursive: true });
    const environment = { KITCHEN_PASSWORD: "paprika" };
    const { exit, output } = await call(`plan --emulator --json ${env}`.trim(), environment);
    expect(exit).toBe(0);
    const { changes, stack }: Plan = JSON.parse(output);
    const terrace = changes.find(({ address }) => address === "group/terrace")?.attributes;
    const afterOf = (path: string) => terrace?.find((one) => one.path === path)?.after;
    expect([stack, afterOf("metadata.seats"), afterOf("owner")]).toEqual(expected);
    expect((await call(`apply --emulator --yes ${env}`.trim(), environment)).exit).toBe(0);
    const again = await call(`plan --emulator --detailed-exitcode ${env}`.trim(), environment);
    expect([again.exit, again.notes]).toEqual([0, ""]);
  });

  test("of generated entries is applied, and planned again changes nothing", async () => {
    cpSync(join(examples, "load"), folder, { recursive: true });
    const few = "--var USERS=12 --var GROUPS=3";
    expect((await call(`apply --emulator --yes ${few}`)).exit).toBe(0);
    expect((await call(`plan --emulator --detailed-exitcode ${few}`)).exit).toBe(0);
    const { output } = await call("validate");
    expect(output).toBe("cometform.yaml is valid: 2 roles, 201 users, 8 groups, 200 memberships\n");
  });
});
