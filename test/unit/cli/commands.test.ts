import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "../../../src/cli/program.ts";
import type { Terminal } from "../../../src/cli/terminal.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

const manifest = [
  "version: 1",
  "stack: acme",
  "users: { alice: { name: Alice }, bob: { name: Bob } }",
  "groups:",
  "  lobby: { name: Lobby, type: public, owner: alice, members: { participants: [bob] } }",
  "  vault: { name: Vault, type: password, password: '${VAULT_PASSWORD}' }",
  "",
].join("\n");

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cometform-"));
  put("cometform.yaml", manifest);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

interface Result {
  readonly exit: number;
  readonly output: string;
  readonly notes: string;
  readonly questions: readonly string[];
}

/** Runs a command line in this process, against an emulator that keeps its app in the folder. */
async function call(
  line: string,
  given: Partial<Terminal> & { readonly answers?: readonly string[] } = {},
): Promise<Result> {
  const terminal = openFakeTerminal({
    cwd: folder,
    environment: { VAULT_PASSWORD: "sesame" },
    ...given,
  });
  const exit = await run(line.split(" "), terminal, "1.2.3");
  return {
    exit,
    output: terminal.output(),
    notes: terminal.notes(),
    questions: terminal.questions(),
  };
}

describe("apply at a terminal", () => {
  test("goes on with yes, and then there is nothing left to do", async () => {
    const applied = await call("apply --emulator", { answers: ["yes"] });
    expect(applied).toMatchObject({
      exit: 0,
      questions: ["Apply these 5 changes to app emulator (us)?  yes / no / show calls ›  "],
    });
    expect(applied.output).toContain("✓ 5 applied");
    expect(applied.output).toContain("Read again: everything is as planned.\n");
    const again = await call("apply --emulator", { answers: [] });
    expect(again).toMatchObject({ exit: 0, questions: [] });
    expect(again.output.split("\n")).toHaveLength(2);
  });

  test("changes nothing with no, and nothing when input ends", async () => {
    const refused = await call("apply --emulator", { answers: ["no"] });
    expect(refused).toMatchObject({ exit: 0, notes: "\nNothing was changed.\n" });
    const ended = await call("apply --emulator --json", { answers: [] });
    expect(ended).toMatchObject({ exit: 130 });
    expect(ended.notes).toContain("Interrupted. Nothing was changed.");
    expect(ended.notes).toContain("Plan: 5 to create");
    expect(JSON.parse(ended.output)).toMatchObject({ outcomes: [], interrupted: true });
    expect(await call("plan --emulator --detailed-exitcode")).toMatchObject({ exit: 2 });
  });

  test("takes down what the app's id is typed for", async () => {
    await call("apply --emulator --yes --quiet");
    const destroyed = await call("destroy --emulator", { answers: ["emulator"] });
    expect(destroyed).toMatchObject({
      exit: 0,
      questions: ["This deletes 4 objects of app emulator (us). Type emulator to go on ›  "],
    });
    const again = await call("destroy --emulator --yes");
    expect(again.output).toContain("nothing to destroy");
  });
});

test("a plan is saved, shown and applied, its secrets read again from the manifest", async () => {
  const plan = await call("plan --emulator --out plan.json");
  expect(plan).toMatchObject({ exit: 0, notes: "Saved to plan.json.\n" });
  expect(plan.output).toContain("Apply with: cometform apply --emulator plan.json\n");
  expect((await call("show plan.json")).output).toContain("Plan: 5 to create");
  expect(JSON.parse((await call("show --json plan.json")).output)).toEqual(
    JSON.parse(read("plan.json")),
  );
  const applied = await call("apply --emulator --yes --json plan.json");
  expect(applied).toMatchObject({ exit: 0 });
  expect(JSON.parse(applied.output)).toMatchObject({ summary: { applied: 5 }, converged: true });
  put("report.json", applied.output);
  expect((await call("show --verbose report.json")).output).toContain("created user/alice");
  const stale = await call("apply --emulator --yes plan.json");
  expect(stale).toMatchObject({ exit: 7, output: "" });
  expect(stale.notes).toContain("user/alice  not as the plan saw it");
});

test("a saved plan that was edited, is a report or has lost its manifest is not applied", async () => {
  await call("plan --emulator --quiet --out plan.json");
  const text = read("plan.json");
  put("edited.json", text.replace('"Alice"', '"Mallory"'));
  expect((await call("apply --emulator --yes edited.json")).notes).toContain("edited by hand");
  put("old.json", text.replace('"version": "1.2.3"', '"version": "1.2.2"'));
  expect((await call("apply --emulator --yes old.json")).notes).toContain("cometform 1.2.2");
  put("other.json", text.replace('"name": "cometchat"', '"name": "other"'));
  expect((await call("apply --emulator --yes other.json")).notes).toContain("is for other");
  put("cut.json", text.slice(0, 400));
  expect((await call("apply --emulator --yes cut.json")).notes).toContain("it is cut off");
  put("cometform.yaml", manifest.replace("Alice", "Alicia"));
  expect((await call("apply --emulator --yes plan.json")).notes).toContain("is not the one");
  put("elsewhere.yaml", manifest);
  expect(await call("apply --emulator --yes plan.json -f elsewhere.yaml")).toMatchObject({
    exit: 0,
  });
});

test("a plan from standard input needs its manifest named for its secrets", async () => {
  const readInput = async (): Promise<Uint8Array> => new TextEncoder().encode(manifest);
  await call("plan --emulator --quiet --out plan.json -", { readInput });
  const { exit, notes } = await call("apply --emulator --yes plan.json");
  expect(exit).toBe(7);
  expect(notes).toContain("does not say where its manifest is");
  expect(await call("apply --emulator --yes plan.json cometform.yaml")).toMatchObject({ exit: 0 });
});

test("an app is exported as a manifest that changes nothing", async () => {
  await call("apply --emulator --yes --quiet");
  const { exit, output } = await call("export --emulator");
  expect(exit).toBe(0);
  expect(output).toContain("\nstack: acme\n");
  const saved = { exit: 0, output: "" };
  expect(await call("export --emulator --out app.yaml")).toMatchObject(saved);
  expect(read("app.yaml")).toBe(output);
  expect(await call("plan --emulator --detailed-exitcode app.yaml")).toMatchObject({ exit: 0 });
  expect(await call("export --emulator --out app.yaml"), "again").toMatchObject(saved);
  put("app.yaml", output.replace("name: Alice", "name: Alicia"));
  expect(await call("export --emulator --out app.yaml"), "edited").toMatchObject({ exit: 64 });
});

test("neither an export nor a plan takes the place of what somebody wrote, or of what is no file", async () => {
  for (const command of ["export", "plan"]) {
    for (const out of ["cometform.yaml", ".", "-"]) {
      const { exit, notes } = await call(`${command} --emulator --quiet --out ${out}`);
      expect(exit).toBe(64);
      expect(notes).toMatch(/it is left as it is|is no file that could be written/);
    }
  }
  expect(read("cometform.yaml")).toBe(manifest);
});

test("validate tells what is declared, or what is wrong", async () => {
  expect((await call("validate")).output).toBe(
    "cometform.yaml is valid: 2 users, 2 groups, 1 membership\n",
  );
  expect((await call("validate --quiet")).output).toBe("");
  put("cometform.yaml", "version: 1\nuser: {}\n");
  const { exit, output, notes } = await call("validate --json");
  expect(exit).toBe(3);
  expect(JSON.parse(output)).toMatchObject({ valid: false, diagnostics: [{ severity: "error" }] });
  expect(notes).toContain("cometform.yaml:2:1");
  put("empty.yaml", "version: 1\n");
  expect((await call("validate empty.yaml")).output).toContain("nothing is declared");
});

test("values come from files and flags, the later ones winning", async () => {
  put("cometform.yaml", "version: 1\nusers: { a: { name: '${FIRST} ${LAST}' } }\n");
  put("one.yaml", "FIRST: Ann\nLAST: One\n");
  put("two.yaml", "LAST: Two\n");
  const files = "--var-file one.yaml --var-file two.yaml";
  const nameIn = async (line: string): Promise<string> => {
    const { output } = await call(line);
    return /"name":"([^"]*)"/.exec(output)?.[1] ?? output;
  };
  expect(await nameIn(`plan --emulator --verbose ${files}`)).toBe("Ann Two");
  expect(await nameIn(`plan --emulator --verbose ${files} --var LAST=Three`)).toBe("Ann Three");
  put("broken.yaml", "FIRST: [\n");
  const { exit, notes } = await call("validate --var-file broken.yaml");
  expect(exit).toBe(3);
  expect(notes).toContain("broken.yaml");
});

test("a refused plan is neither saved nor applied", async () => {
  put("cometform.yaml", "version: 1\nusers: { alice: { name: A, role: nobody } }\n");
  const plan = await call("plan --emulator --out plan.json");
  expect(plan).toMatchObject({
    exit: 4,
    notes:
      "Not saved to plan.json: the plan is refused.\n\nMore about it: cometform explain reference/missing\n",
  });
  const applied = await call("apply --emulator --yes --json");
  expect(applied.exit).toBe(4);
  expect(JSON.parse(applied.output)).toMatchObject({ formatVersion: 1, steps: [{}] });
});

test("what cannot be shown is told apart from what is not ours", async () => {
  put("report.json", '{"formatVersion": 1}');
  const damaged = await call("show report.json");
  expect(damaged).toMatchObject({ exit: 3, output: "" });
  expect(damaged.notes).toContain("parts of it are missing");
  expect((await call("show cometform.yaml")).notes).toContain(
    "is no saved plan, report, receipt or journal",
  );
});

test("the emulator's own command ends when it is interrupted", async () => {
  const interrupt = new AbortController();
  const written: string[] = [];
  const { exit } = await call("emulate --port 0 --quota 60 --latency 1 --page-max 10 --users 2", {
    signal: interrupt.signal,
    write: (text) => {
      written.push(text);
      interrupt.abort();
    },
  });
  expect(exit).toBe(0);
  expect(written.join("")).toContain("data  .cometform/emulator.json    quota  60 a minute");
  const { output } = await call("export --emulator");
  expect(output.match(/user-\d+/g)).toEqual(["user-0000001", "user-0000002"]);
  const named: string[] = [];
  await call("emulate --port 0 --memory --quota core=5000,import=10", {
    signal: AbortSignal.abort(),
    write: (text) => void named.push(text),
  });
  expect(named.join("")).toContain("quota  5,000 core / 10 import a minute");
  const quiet: string[] = [];
  await call("emulate --port 0 --memory --quiet --quota build", {
    signal: AbortSignal.abort(),
    write: (text) => void quiet.push(text),
  });
  expect(quiet.join("")).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v3\n$/);
});

test("an interrupted plan changes nothing, and an unexpected failure is our bug", async () => {
  const interrupted = await call("plan --emulator", { signal: AbortSignal.abort() });
  expect(interrupted).toMatchObject({ exit: 130, output: "" });
  expect(interrupted.notes).toBe("Interrupted. Nothing was changed.\n");
  const broken = {
    environment: { COMETFORM_DEBUG: "1" },
    readInput: () => Promise.reject(new TypeError("::boom")),
  };
  const { exit, notes } = await call("validate -", broken);
  expect(exit).toBe(1);
  expect(notes).toContain("This is a bug of ours, not yours.\n   TypeError: ::boom\n");
  expect(notes).toContain("cometform 1.2.3, validate, node v");
  expect(notes).toMatch(/^ +at /m);
});

test("webhooks need the management API, and the message names what is missing", async () => {
  put(
    "cometform.yaml",
    "version: 1\nwebhooks: { a: { url: 'https://a.example', triggers: [] } }\n",
  );
  const environment = { COMETCHAT_APP_ID: "a", COMETCHAT_REGION: "us", COMETCHAT_API_KEY: "k" };
  const flags = "--dialect vendor --base-url http://127.0.0.1:9/v3/";
  const { exit, notes } = await call(`plan ${flags}`, { environment });
  expect(exit).toBe(6);
  expect(notes).toContain("COMETCHAT_MANAGEMENT_KEY");
  const keyed = {
    ...environment,
    COMETCHAT_MANAGEMENT_KEY: "k",
    COMETCHAT_MANAGEMENT_SECRET: "s",
  };
  const json = await call(`plan --json ${flags}`, { environment: keyed });
  expect(JSON.parse(json.output)).toMatchObject({
    formatVersion: 1,
    diagnostics: [{ severity: "error", code: "app/configuration" }],
  });
  const aside = { ...keyed, COMETCHAT_MANAGEMENT_URL: "not a URL" };
  expect((await call(`plan ${flags}`, { environment: aside })).notes).toContain(
    "COMETCHAT_MANAGEMENT_URL is no base URL",
  );
  const smudged = { ...environment, COMETCHAT_API_KEY: "k k" };
  expect((await call(`plan ${flags}`, { environment: smudged })).notes).toContain(
    "COMETCHAT_API_KEY has characters that no key has",
  );
  const { COMETCHAT_API_KEY: _, ...keyless } = environment;
  expect((await call(`plan ${flags}`, { environment: keyless })).notes).toContain(
    "COMETCHAT_API_KEY is not set",
  );
});
