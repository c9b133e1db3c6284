import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import { Failure } from "../../../src/cli/exit.ts";
import { withLock } from "../../../src/cli/lock.ts";
import { type Holder, toHolder } from "../../../src/cli/lock-holder.ts";
import { openWorkshop, type Workshop } from "../../support/cli.ts";
import { type FakeTerminal, openFakeTerminal } from "../../support/terminal.ts";

/** Below this folder files have one name each, as on file systems that know no other. */
const folderWithoutLinks = vi.hoisted(() => ({ name: undefined as string | undefined }));
vi.mock("node:fs/promises", async (load) => {
  const files = await load<typeof import("node:fs/promises")>();
  const link: typeof files.link = async (from, to) => {
    const { name } = folderWithoutLinks;
    if (name !== undefined && String(to).startsWith(name)) {
      throw Object.assign(new Error("EPERM: operation not permitted, link"), { code: "EPERM" });
    }
    await files.link(from, to);
  };
  return { ...files, link };
});

const subject = { appId: "app", place: "https://here.example" };
let workshop: Workshop;

beforeEach(() => {
  workshop = openWorkshop();
});
afterEach(() => {
  folderWithoutLinks.name = undefined;
  workshop.dispose();
});

interface Given {
  readonly cwd?: string;
  readonly home?: string | undefined;
  readonly lockTimeout?: number;
  readonly signal?: AbortSignal;
}

function contextOf({ cwd, home = workshop.folder, lockTimeout, signal }: Given = {}): Context {
  const terminal = openFakeTerminal({
    cwd: cwd ?? workshop.folder,
    environment: { HOME: home },
    ...(signal === undefined ? {} : { signal }),
  });
  const flags = lockTimeout === undefined ? {} : { lockTimeout };
  return { command: "apply", flags, terminal } as unknown as Context;
}

const locksFolder = (): string => join(workshop.folder, ".local", "state", "cometform", "locks");

/** Where the lock is kept with these variables, and a temporary folder that is none. */
async function placeWith(environment: { readonly [name: string]: string }): Promise<string[]> {
  vi.stubEnv("TMPDIR", "/dev/null");
  const terminal = openFakeTerminal({ cwd: workshop.folder, environment });
  const context = { command: "apply", flags: {}, terminal } as unknown as Context;
  return await withLock(context, subject, async () =>
    readdirSync(workshop.folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".lock"),
    ),
  ).finally(() => vi.unstubAllEnvs());
}

test.each([
  ["there is no home and no temporary folder", {}],
  ["the state folder is a file", { XDG_STATE_HOME: "/dev/null" }],
  ["the state folder is a relative path", { XDG_STATE_HOME: "states" }],
  ["the state folder is on a file system that makes none", { XDG_STATE_HOME: "/proc/none" }],
])("where %s the lock is kept with the journals", async (_, environment) => {
  const [file, ...others] = await placeWith(environment);
  expect(file).toMatch(/^\.cometform\/locks\/[0-9a-f]{32}\.lock$/);
  expect(others).toEqual([]);
});

/** The lock's file, as it is while somebody holds it. */
async function lockFile(): Promise<string> {
  const [name = ""] = await withLock(contextOf(), subject, async () => readdirSync(locksFolder()));
  return join(locksFolder(), name);
}

/** Leaves a lock behind. */
async function leave(content: Partial<Holder> | string): Promise<string> {
  const file = await lockFile();
  const holder = typeof content === "string" ? content : { ...toHolder("apply"), ...content };
  writeFileSync(file, typeof holder === "string" ? holder : JSON.stringify(holder));
  return file;
}

async function tryIt(given?: Given): Promise<"held" | Failure> {
  try {
    return await withLock(contextOf(given), subject, async () => "held" as const);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function expectLocked(result: "held" | Failure): void {
  expect(result).toMatchObject({ exit: 5, diagnostics: [{ code: "apply/locked" }] });
}

/** The number of a process that has ended. */
function deadProcess(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

describe("a lock", () => {
  test("keeps a second one out, from whatever folder, and lets it in afterwards", async () => {
    const other = openWorkshop();
    await withLock(contextOf(), subject, async () => {
      expectLocked(await tryIt());
      expectLocked(await tryIt({ cwd: other.folder }));
    });
    expect(await tryIt()).toBe("held");
    expect(readdirSync(locksFolder())).toEqual([]);
    other.dispose();
  });

  test("is let go of when the work fails", async () => {
    const failing = withLock(contextOf(), subject, () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(await tryIt()).toBe("held");
  });

  test("is of one app at one place", async () => {
    await withLock(contextOf(), subject, async () => {
      const others = [
        { ...subject, appId: "other" },
        { ...subject, place: "http://127.0.0.1:1" },
      ];
      for (const other of others) {
        expect(await withLock(contextOf(), other, async () => "held")).toBe("held");
      }
    });
  });

  test("says who holds it, since when, and what to do", async () => {
    const file = await leave({ since: "2026-11-23T08:15:00.000Z", command: "destroy" });
    expect(await tryIt()).toMatchObject({
      diagnostics: [
        {
          severity: "error",
          code: "apply/locked",
          summary: `Somebody is at work on app app already: destroy, process ${process.pid} on ${hostname()}, since 2026-11-23 08:15:00 UTC. Nothing was changed`,
          hint: `Wait for it to end (--lock-timeout 10m does). If it is long gone, delete ${file}.`,
        },
      ],
    });
  });

  test("is waited for as long as one may", async () => {
    let letGo: () => void = () => undefined;
    const work = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let hasBegun: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      hasBegun = resolve;
    });
    const first = withLock(contextOf(), subject, () => {
      hasBegun();
      return work;
    });
    await begun;
    expectLocked(await tryIt({ lockTimeout: 100 }));
    const waiting = tryIt({ lockTimeout: 60_000 });
    letGo();
    expect(await waiting).toBe("held");
    await first;
  });

  test("is waited for with a word on whom for, and until when, said once", async () => {
    const file = await leave({ since: "2026-11-23T08:15:00.000Z", command: "destroy" });
    const context = contextOf({ lockTimeout: 60_000 });
    const waiting = withLock(context, subject, async () => "held");
    await new Promise((resolve) => setTimeout(resolve, 600));
    rmSync(file);
    expect(await waiting).toBe("held");
    const who = `destroy, process ${process.pid} on ${hostname()}, since 2026-11-23 08:15:00 UTC`;
    const { notes } = context.terminal as FakeTerminal;
    expect(notes().replace(/until \S+ \S+ UTC/, "until TIME")).toBe(
      `Waiting until TIME for ${who}.\n`,
    );
    expect(
      Date.parse(notes().slice(14, 33).replace(" ", "T").concat("Z")) - Date.now(),
    ).toBeCloseTo(60_000, -4);
  });

  test("is not waited for by somebody who is interrupted", async () => {
    const stop = new AbortController();
    await leave({});
    setTimeout(() => stop.abort(), 50);
    const waiting = tryIt({ lockTimeout: 60_000, signal: stop.signal });
    await expect(waiting).rejects.toThrow("aborted");
  });

  test("of another machine is respected, whatever process it names", async () => {
    await leave({ host: "elsewhere", process: deadProcess() });
    expectLocked(await tryIt());
  });
});

describe("a lock is taken over", () => {
  test("from a process that is dead", async () => {
    await leave({ process: deadProcess() });
    expect(await tryIt()).toBe("held");
    expect(readdirSync(locksFolder())).toEqual([]);
  });

  test.runIf(process.platform === "linux")(
    "from one whose number is another's by now",
    async () => {
      await leave({ born: "1" });
      expect(await tryIt()).toBe("held");
    },
  );

  test.runIf(process.platform === "linux")("from one that nobody has cleared away", async () => {
    // A shell that does not wait for its child keeps it as a zombie while it is stopped itself.
    const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 30"]);
    const id = await new Promise<number>((resolve) => {
      parent.stdout.once("data", (text: Buffer) => resolve(Number(text.toString())));
    });
    while (!readFileSync(`/proc/${id}/stat`, "utf8").includes(") Z ")) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await leave({ process: id, born: null });
    expect(await tryIt()).toBe("held");
    parent.kill("SIGKILL");
  });

  test.each(["", "{", "null", "[]", "{}", '{"process":1}', '{"process":"1"}'])(
    "where its file says nothing: %s",
    async (content) => {
      await leave(content);
      expect(await tryIt()).toBe("held");
    },
  );

  test("where somebody died while taking it over", async () => {
    const dead = deadProcess();
    const file = await leave({ process: dead });
    writeFileSync(`${file}.breaking`, JSON.stringify({ ...toHolder("apply"), process: dead }));
    expect(await tryIt()).toBe("held");
    expect(readdirSync(locksFolder())).toEqual([]);
  });

  test("not while somebody alive is at it, however long that takes", async () => {
    const file = await leave({ process: deadProcess() });
    writeFileSync(`${file}.breaking`, JSON.stringify(toHolder("apply")));
    expectLocked(await tryIt());
  });
});

describe("without a home", () => {
  test("processes of one user still keep each other out", async () => {
    const unique = { ...subject, appId: `app-${process.pid}-${Date.now()}` };
    const context = (home: string): Context => contextOf({ home });
    const [nowhere, readOnly] = ["", join(workshop.folder, "closed")];
    mkdirSync(readOnly);
    chmodSync(readOnly, 0o500);
    const isRoot = process.getuid?.() === 0;
    await withLock(context(nowhere), unique, async () => {
      const again = withLock(context(isRoot ? nowhere : readOnly), unique, async () => "held");
      await expect(again).rejects.toThrow("Somebody is at work");
    });
  });

  test.each(["a file", "open to others", "without hard links"])(
    "a folder for locks that is %s is not used",
    async (how) => {
      folderWithoutLinks.name = how === "without hard links" ? workshop.folder : undefined;
      const place = join(workshop.folder, ".local", "state", "cometform");
      mkdirSync(place, { recursive: true });
      if (how === "a file") {
        writeFileSync(join(place, "locks"), "");
      } else if (how === "open to others") {
        mkdirSync(join(place, "locks"));
        chmodSync(join(place, "locks"), 0o777);
      }
      expect(await tryIt()).toBe("held");
    },
  );
});
