import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import schema from "../../../schemas/events.schema.json" with { type: "json" };
import type { Context } from "../../../src/cli/command.ts";
import { openEvents } from "../../../src/cli/events.ts";
import type { ClassPace } from "../../../src/model/pace.ts";
import { plainPaint } from "../../../src/render/paint.ts";
import { openWorkshop, type Workshop } from "../../support/cli.ts";
import { type Mishap, recordRun } from "../../support/recorded-run.ts";
import { corePace } from "../../support/scripted-run.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);

let workshop: Workshop;

beforeEach(() => {
  workshop = openWorkshop();
});

afterEach(() => {
  vi.useRealTimers();
  workshop.dispose();
});

function toContext(flags: Context["flags"] = {}): Context {
  const terminal = openFakeTerminal({ cwd: workshop.folder });
  const paints = { paint: plainPaint, notePaint: plainPaint };
  return { command: "apply", flags, operands: [], terminal, version: "1.2.3", ...paints };
}

function place(name: string): string {
  return join(workshop.folder, name);
}

function linesOf(text: string): readonly Record<string, unknown>[] {
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("the events of a real run", () => {
  const mishaps: readonly Mishap[] = ["none", "refusal", "silence", "interruption"];

  test.each(mishaps)(
    "with %s are all of its records, each as the schema has it",
    async (mishap) => {
      const sink = await openEvents(toContext(), "events.ndjson");
      const { records, plan } = await recordRun(mishap, sink.note);
      sink.note({ type: "resume" });
      expect(await sink.close()).toBeUndefined();
      const events = linesOf(readFileSync(place("events.ndjson"), "utf8"));
      for (const event of events) {
        expect(validate(event) || [event, validate.errors]).toBe(true);
      }
      expect(events.map(({ type }) => type)).toEqual([
        ...records.map(({ type }) => type),
        "resume",
      ]);
      const { at: _, ...begin } = events[0] ?? {};
      expect(begin).toEqual({
        type: "begin",
        formatVersion: 1,
        run: "20260723T100000Z-abcdef",
        digest: plan.digest,
        target: plan.provider,
        changes: plan.changes.length,
        calls: plan.steps.length,
      });
    },
  );
});

test("an event can be read as soon as it has happened", async () => {
  const sink = await openEvents(toContext(), "events.ndjson");
  sink.note({ type: "verify", look: 1, residue: 0 });
  await vi.waitFor(() => {
    expect(readFileSync(place("events.ndjson"), "utf8")).toContain('"look":1');
  });
  await sink.close();
});

test("a wait of more than a second is told when it begins and when it is over", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  let paces: readonly ClassPace[] = [corePace(3, 900)];
  const sink = await openEvents(toContext(), "events.ndjson", { pace: () => paces });
  for (const [waiting, waitMs] of [
    [3, 900],
    [3, 12_000],
    [3, 600],
    [0, 0],
    [2, 5_000],
  ] as const) {
    paces = [corePace(waiting, waitMs)];
    vi.advanceTimersByTime(500);
  }
  vi.useRealTimers();
  await sink.close();
  const events = linesOf(readFileSync(place("events.ndjson"), "utf8"));
  expect(events.map(({ type, quota, waitMs }) => [type, quota, waitMs])).toEqual([
    ["wait", "core", 12_000],
    ["wait", "core", 0],
    ["wait", "core", 5_000],
    ["wait", "core", 0],
  ]);
  for (const event of events) expect(validate(event)).toBe(true);
});

test.runIf(process.platform === "linux")(
  "events that can neither be written nor ended say so, and throw nothing",
  async () => {
    const sink = await openEvents(toContext(), "e");
    const isTheirs = (fd: string): boolean => {
      const link = `/proc/self/fd/${fd}`;
      return existsSync(link) && readlinkSync(link) === realpathSync(place("e"));
    };
    closeSync(Number(readdirSync("/proc/self/fd").find(isTheirs)));
    expect(await sink.close()).toBe("The events in e are not complete (EBADF).");
  },
);

describe("a place for events", () => {
  test.each([
    ["nothing", undefined],
    ["an empty file", ""],
    ["older events", '{"at":"2026-07-23T10:00:00.000Z","type":"begin","calls":3}\n{"more":1}\n'],
  ])("is where there is %s", async (_, text) => {
    if (text !== undefined) writeFileSync(place("e"), text);
    const sink = await openEvents(toContext(), "e");
    sink.note({ type: "resume" });
    await sink.close();
    expect(readFileSync(place("e"), "utf8")).toMatch(/^\{"at":"[^"]*","type":"resume"\}\n$/);
  });

  test.each([
    ["somebody's file", "dear diary\n"],
    ["a journal", '{"at":"2026-07-23T10:00:00.000Z","type":"begin","plan":{}}\n'],
    ["a plan", '{"formatVersion": 1}'],
  ])("is not where there is %s", async (_, text) => {
    writeFileSync(place("e"), text);
    await expect(openEvents(toContext(), "e")).rejects.toMatchObject({
      exit: 64,
      diagnostics: [{ code: "file/in-the-way" }],
    });
    expect(readFileSync(place("e"), "utf8")).toBe(text);
  });

  test("is no folder, nowhere that is not, and not in the middle of JSON", async () => {
    const exits = [".", "no/where"].map((file) =>
      openEvents(toContext(), file).catch(({ exit, diagnostics: [first] }) => [exit, first.code]),
    );
    expect(await Promise.all(exits)).toEqual([
      [1, "file/unwritable"],
      [1, "file/unwritable"],
    ]);
    await expect(openEvents(toContext({ json: true }), "/dev/stdout")).rejects.toMatchObject({
      exit: 64,
      diagnostics: [{ code: "cli/events" }],
    });
  });
});

describe("a pipe", () => {
  const readEnd = () => {
    execFileSync("mkfifo", [place("pipe")]);
    return openSync(place("pipe"), constants.O_RDONLY | constants.O_NONBLOCK);
  };

  test("is written to, and waited for until somebody reads", async () => {
    execFileSync("mkfifo", [place("pipe")]);
    const context = toContext();
    const opening = openEvents(context, "pipe");
    await new Promise((resolve) => setTimeout(resolve, 120));
    const reader = openSync(place("pipe"), constants.O_RDONLY | constants.O_NONBLOCK);
    const sink = await opening;
    sink.note({ type: "resume" });
    expect(await sink.close()).toBeUndefined();
    const bytes = Buffer.alloc(200);
    expect(linesOf(bytes.toString("utf8", 0, readSync(reader, bytes)))).toMatchObject([
      { type: "resume" },
    ]);
    closeSync(reader);
    expect((context.terminal as ReturnType<typeof openFakeTerminal>).notes()).toBe(
      "Waiting until somebody reads pipe.\n",
    );
  });

  test("whose reader has gone stops nothing, and is told of at the end", async () => {
    const reader = readEnd();
    const sink = await openEvents(toContext(), "pipe");
    closeSync(reader);
    for (let count = 0; count < 100; count += 1) {
      sink.note({ type: "resume" });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await sink.close()).toBe("The events in pipe are not complete (EPIPE).");
  });

  test("that is full and not read holds nobody up for long", async () => {
    const reader = readEnd();
    const sink = await openEvents(toContext(), "pipe");
    for (let count = 0; count < 5_000; count += 1) sink.note({ type: "resume" });
    expect(await sink.close()).toBe("The events in pipe are not complete (EAGAIN).");
    closeSync(reader);
  });
});
