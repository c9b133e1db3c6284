import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { Report } from "../../src/model/report.ts";
import type { CliResult } from "../support/cli.ts";
import { journalsIn, recordsIn } from "../support/journal.ts";
import { dieAt, fullAt } from "../support/kills/victim.ts";
import { setStage } from "../support/stage.ts";

const stage = setStage("each");
// One call for each resource, one after the other.
const apply = ["apply", "--yes", "--json", "--quiet", "--bulk", "off", "--concurrency", "1"];

const manifest = {
  version: 1,
  users: { ann: { name: "Ann" }, bob: { name: "Bob" }, cas: { name: "Cas" } },
  groups: { vault: { name: "Vault", type: "password", password: "${VAULT_PASSWORD}" } },
};

beforeEach(() => stage.put("cometform.yaml", JSON.stringify(manifest)));

function run(args: readonly string[], extra: { readonly [name: string]: string } = {}) {
  const env = { ...stage.app.env, HOME: stage.folder, VAULT_PASSWORD: "canaryVault", ...extra };
  return stage.run(args, { env });
}

/** Kills a run: one user is there and known to be, the call for the next one is about to be sent. */
async function cutShort(): Promise<void> {
  expect(await run(apply, dieAt("after 4"))).toMatchObject({ exit: null });
  expect(recordsIn(stage.folder).map(({ type }) => type)).toEqual([
    ...["begin", "intent", "outcome", "intent"],
  ]);
  await stage.app.takeLog();
}

function resume(...args: readonly string[]): Promise<CliResult> {
  return run(["apply", "--resume", "--json", ...args]);
}

async function writes(): Promise<readonly string[]> {
  return (await stage.app.takeLog()).filter((line) => !line.startsWith("GET "));
}

async function expectRefused(exit: number, reason: string, ...args: readonly string[]) {
  const result = await resume(...args);
  expect(result.exit).toBe(exit);
  expect(result.stdout + result.stderr).toContain(reason);
  expect(await writes(), "nothing is sent").toEqual([]);
}

async function expectFinished(): Promise<void> {
  const { exit, stdout } = await resume();
  const { summary, converged }: Report = JSON.parse(stdout);
  expect({ exit, converged, ...summary }).toEqual({
    ...{ exit: 0, converged: true, applied: 4, failed: 0, skipped: 0, unknown: 0 },
  });
  expect((await writes()).length).toBe(3);
}

/** Changes the newest journal. */
function edit(change: (lines: readonly string[]) => readonly string[]): void {
  const [file = ""] = journalsIn(stage.folder);
  writeFileSync(file, change(readFileSync(file, "utf8").split("\n")).join("\n"));
}

function editPlan(change: (text: string) => string): void {
  edit(([begin = "", ...rest]) => [change(begin), ...rest]);
}

describe("the folder for what is ours", () => {
  test("is closed to others, even if it was open, and so is each journal", async () => {
    const place = join(stage.folder, ".cometform");
    mkdirSync(join(place, "journal"), { recursive: true });
    for (const folder of [place, join(place, "journal")]) chmodSync(folder, 0o777);
    expect(await run(apply)).toMatchObject({ exit: 0 });
    const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    expect([modeOf(place), modeOf(join(place, "journal"))]).toEqual(["700", "700"]);
    expect(journalsIn(stage.folder).map(modeOf)).toEqual(["600"]);
  });

  test.skipIf(spawnSync("git", ["--version"]).status !== 0)("is nothing to git", async () => {
    const git = (...args: readonly string[]) =>
      spawnSync("git", args, { cwd: stage.folder, encoding: "utf8" });
    expect(git("init").status).toBe(0);
    expect(await run(apply)).toMatchObject({ exit: 0 });
    expect(git("status", "--porcelain", "--untracked-files=all").stdout).not.toContain(
      "cometform/",
    );
  });

  test("holds no secret", async () => {
    await cutShort();
    await expectFinished();
    const texts = journalsIn(stage.folder).map((file) => readFileSync(file, "utf8"));
    expect(texts.join("")).not.toContain("canaryVault");
    expect(texts.join("")).not.toContain(stage.app.env["COMETCHAT_API_KEY"]);
  });
});

describe("a run is finished", () => {
  test("although its last line was torn", async () => {
    await cutShort();
    edit((lines) => [...lines.slice(0, -2), (lines.at(-2) ?? "").slice(0, 40)]);
    await expectFinished();
  });

  test("although what it has begun was changed since", async () => {
    await cutShort();
    await stage.app.send("PUT", "/users/ann", { metadata: { seat: 4 } });
    await stage.app.takeLog();
    await expectFinished();
  });

  test("although a new plan, of another app, was begun since", async () => {
    await cutShort();
    const other = await run([...apply, "--app-id", "other"], dieAt("after 1"));
    expect(other.exit).toBe(null);
    await stage.app.takeLog();
    const { exit } = await resume("--app-id", "emulator");
    expect(exit).toBe(0);
  });
});

describe("a run is not finished, and nothing is sent,", () => {
  beforeEach(cutShort);

  test("where its journal was damaged in the middle", async () => {
    edit(([begin = "", first = "", ...rest]) => [begin, first.slice(0, 30), ...rest]);
    await expectRefused(7, "was edited or damaged");
  });

  test("where its plan was edited", async () => {
    editPlan((text) => text.replaceAll('"Bob"', '"Eve"'));
    await expectRefused(7, "edited by hand or damaged");
  });

  test("where another version made it", async () => {
    editPlan((text) => text.replace(/"version":"\d+\.\d+\.\d+"/, '"version":"9.9.9"'));
    await expectRefused(7, "9.9.9");
  });

  test("where the app that is named is another one", async () => {
    await expectRefused(64, "There is no run here", "--app-id", "other");
  });

  test("where it was another command's", async () => {
    const { exit, stderr } = await run(["destroy", "--resume"]);
    expect(exit).toBe(64);
    expect(stderr).toContain("cometform apply --resume goes on with it.");
    expect(await writes()).toEqual([]);
  });

  test("where the manifest has changed that holds its write-only values", async () => {
    stage.put("cometform.yaml", JSON.stringify({ ...manifest, users: {} }));
    await expectRefused(7, "The manifest is not the one the plan was made from");
  });

  test("where the app has changed in what is not begun", async () => {
    await stage.app.send("POST", "/users", { uid: "cas", name: "Somebody else" });
    await stage.app.takeLog();
    await expectRefused(7, "user/cas");
  });
});

describe("what cannot be written down is not sent", () => {
  test.skipIf(process.getuid?.() === 0)("where the folder is closed to us", async () => {
    chmodSync(stage.folder, 0o500);
    const { exit, stderr } = await run(apply);
    chmodSync(stage.folder, 0o700);
    expect(exit).toBe(1);
    expect(stderr).toContain("cannot be written");
    expect(await writes()).toEqual([]);
  });

  test("where a file is in the place of the folder", async () => {
    stage.put(".cometform", "");
    const { exit, stderr } = await run(apply);
    expect(exit).toBe(1);
    expect(stderr).toContain(".cometform/ cannot be written");
    expect(await writes()).toEqual([]);
  });

  test("where the disk is full from the beginning", async () => {
    const { exit, stderr } = await run(apply, fullAt(1));
    expect(exit).toBe(1);
    expect(stderr).toContain("cannot be written (ENOSPC)");
    expect(await writes()).toEqual([]);
  });

  test.each([2, 3, 4, 5])(
    "where it is full from write %d on: the report says so, and a run with room finishes",
    async (number) => {
      const { exit, stdout } = await run(apply, fullAt(number));
      expect(exit).toBe(5);
      const report: Report = JSON.parse(stdout);
      const sent = (await writes()).length;
      expect(report.summary.applied).toBe(sent);
      expect(sent).toBe(Math.floor((number - 1) / 2));
      const codes = new Set(report.outcomes.flatMap(({ error }) => error?.code ?? []));
      expect(codes).toContain("JOURNAL_UNWRITABLE");
      const resumed = await resume();
      expect(resumed.exit).toBe(0);
      expect((await writes()).length).toBe(4 - sent);
    },
  );
});
