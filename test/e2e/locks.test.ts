import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { root } from "../support/cli.ts";
import { setStage } from "../support/stage.ts";

const stage = setStage("each");
// One call for each user, so that the first run takes a while.
const apply = ["apply", "--yes", "--json", "--quiet", "--bulk", "off"];

beforeEach(async () => {
  const users = Object.fromEntries(
    Array.from({ length: 6 }, (_, index) => [`user-${index}`, { name: "Somebody" }]),
  );
  stage.put("cometform.yaml", JSON.stringify({ version: 1, stack: "acme", users }));
  await stage.app.send("POST", "/_emulator/faults", {
    rules: [{ method: "POST", fault: "delay", when: "after", ms: 400 }],
  });
});

async function writes(): Promise<number> {
  const log = (await stage.app.send("GET", "/_emulator/log")) as { readonly method: string }[];
  return log.filter(({ method }) => method !== "GET").length;
}

/** Resolves once somebody sends. */
async function hasBegun(): Promise<void> {
  while ((await writes()) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
}

const firstManifest = JSON.stringify({
  version: 1,
  users: Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`first-${n}`, { name: "First" }])),
});

describe("of two applies at once on one app", () => {
  test.each(["the same folder", "another folder"])(
    "from %s the second is refused, and sends nothing",
    async (where) => {
      const cwd = where === "the same folder" ? stage.folder : join(stage.folder, "other");
      mkdirSync(cwd, { recursive: true });
      writeFileSync(join(cwd, "cometform.yaml"), 'version: 1\nusers: { eve: { name: "Eve" } }\n');
      const env = { ...stage.app.env, HOME: stage.folder };
      stage.put("first.yaml", firstManifest);
      const first = stage.run([...apply, "first.yaml", "--concurrency", "1"], { env });
      await hasBegun();
      const second = await stage.run(apply, { cwd, env });
      expect(second.exit).toBe(5);
      expect(JSON.parse(second.stdout).diagnostics[0]).toMatchObject({ code: "apply/locked" });
      expect(second.stderr).toContain("Two at once would overwrite each other's work");
      expect(await first).toMatchObject({ exit: 0 });
      expect(await writes()).toBe(6);
    },
  );

  test("the second one waits, if it may, and plans on what the first one leaves", async () => {
    const env = { ...stage.app.env, HOME: stage.folder };
    const first = stage.run([...apply, "--concurrency", "1"], { env });
    await hasBegun();
    const second = await stage.run([...apply, "--lock-timeout", "1m"], { env });
    expect(await first).toMatchObject({ exit: 0 });
    expect(second.exit).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ converged: true, outcomes: [] });
    expect(await writes()).toBe(6);
  });

  test("one that was killed does not keep the next one out", async () => {
    const env = { ...stage.app.env, HOME: stage.folder };
    let end: (() => void) | undefined;
    const first = stage.run([...apply, "--concurrency", "1"], {
      env,
      onError: (_, kill) => {
        end ??= () => kill("SIGKILL");
      },
    });
    await hasBegun();
    end?.();
    expect(await first).toMatchObject({ exit: null });
    expect(await stage.run(apply, { env })).toMatchObject({ exit: 0 });
  });
});

describe("processes that race for a lock", () => {
  test("never hold it both, though each of them dies with it in its hands", async () => {
    const log = join(stage.folder, "log");
    writeFileSync(log, "");
    const contender = join(root, "test", "support", "locks", "contender.mjs");
    const lock = join(root, "dist", "cli", "lock.js");
    const compete = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const args = [contender, lock, stage.folder, log, "4"];
        const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
        child.once("error", reject);
        child.once("close", () => resolve());
      });
    const lines = async (): Promise<void> => {
      for (let turn = 0; turn < 5; turn += 1) await compete();
    };
    await Promise.all([lines(), lines(), lines(), lines()]);
    const events = readFileSync(log, "utf8").trim().split("\n");
    expect(events).toHaveLength(2 * 4 * 5 * 4);
    const overlaps = events.filter((event, index) => {
      const [what, who] = event.split(" ");
      return index % 2 === 0
        ? what !== "in"
        : event !== `out ${who}` || events[index - 1] !== `in ${who}`;
    });
    expect(overlaps).toEqual([]);
  });
});
