import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import example from "../../../examples/faults.json" with { type: "json" };
import schema from "../../../schemas/faults.schema.json" with { type: "json" };
import {
  createEmulator,
  type EmulatorSettings,
  type FaultRules,
} from "../../../src/providers/cometchat/emulator/index.ts";

const isValid = new Ajv().compile(schema);

/** What is said of a document, or nothing if it can be used. */
function problem(document: unknown, settings: Partial<EmulatorSettings> = {}): string | undefined {
  try {
    createEmulator({ dialect: "vendor", faults: document as FaultRules, ...settings });
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ name: "SettingsError" });
    return (error as Error).message;
  }
}

describe("a fault document is refused with what is wrong where", () => {
  test.each([
    [[], "it must be an object with rules"],
    [{}, "rules must be a list"],
    [{ rules: [], seeds: 1 }, "seeds is not known here: there are seed"],
    [{ rules: [], seed: -1 }, "seed must be a whole number from 0 to 9007199254740991"],
    [{ rules: ["drop"] }, "rules[0] must be an object"],
    [
      { rules: [{}] },
      "rules[0].fault must be one of status, html, drop, cut, malformed, drip, delay, partial, lag, quota",
    ],
    [{ rules: [{ fault: "delay" }] }, "rules[0].ms is missing"],
    [
      { rules: [{ fault: "drop" }, { fault: "drop" }, { fault: "drop", nth: 0 }] },
      "rules[2].nth must be a positive whole number",
    ],
    [
      { rules: [{ fault: "drop", nth: [1, 1.5] }] },
      "rules[0].nth[1] must be a positive whole number",
    ],
    [{ rules: [{ fault: "drop", nth: [] }] }, "rules[0].nth must be a list that is not empty"],
    [
      { rules: [{ fault: "drop", method: "post" }] },
      "rules[0].method must be one of GET, POST, PUT, DELETE, HEAD, PATCH, OPTIONS",
    ],
    [
      { rules: [{ fault: "drop", path: "users" }] },
      "rules[0].path must begin with / or **, and have no query",
    ],
    [{ rules: [{ fault: "drop", probability: 2 }] }, "rules[0].probability must be from 0 to 1"],
    [
      { rules: [{ fault: "drop", nth: 1, every: 2 }] },
      "rules[0] may have only one of nth, every and probability",
    ],
    [
      { rules: [{ fault: "drop", afterMs: 5, untilMs: 5 }] },
      "rules[0] has an untilMs that is not after its afterMs",
    ],
    [{ rules: [{ fault: "drop", when: "later" }] }, "rules[0].when must be one of before, after"],
    [
      { rules: [{ fault: "status", status: 200 }] },
      "rules[0].status must be a whole number from 300 to 599",
    ],
    [
      { rules: [{ fault: "status", status: 503, headers: { "retry-after": 3 } }] },
      "rules[0].headers.retry-after is no header with a text that could be sent",
    ],
    [
      { rules: [{ fault: "status", status: 503, headers: { "Content-Length": "3" } }] },
      "rules[0].headers.Content-Length is for the emulator to set",
    ],
    [{ rules: [{ fault: "partial" }] }, "rules[0] must have either rows or rowProbability"],
    [{ rules: [{ fault: "quota" }] }, "rules[0] must have core, standard or import"],
  ])("%j", (document, message) => {
    expect(problem(document)).toBe(`The fault document: ${message}.`);
  });

  test("an attribute that is not known is told with those that are", () => {
    expect(problem({ rules: [{ fault: "drop", nht: 3 }] })).toBe(
      "The fault document: rules[0].nht is not known here: there are note, method, path, nth, " +
        "every, probability, times, afterMs, untilMs, when.",
    );
  });

  test("all problems are told at once, up to ten", () => {
    const rules = Array.from({ length: 12 }, () => ({ fault: "lag" }));
    expect(problem({ rules: rules.slice(0, 2) })).toBe(
      "The fault document: rules[0].ms is missing; rules[1].ms is missing.",
    );
    expect(problem({ rules })).toMatch(/rules\[9\]\.ms is missing; and 2 more\.$/);
  });
});

describe("a file of faults", () => {
  const write = (text: string): string => {
    const file = join(mkdtempSync(join(tmpdir(), "faults-")), "faults.json");
    writeFileSync(file, text);
    return file;
  };

  test("is named in what is wrong with it", () => {
    const missing = join(tmpdir(), "no-such-folder", "faults.json");
    const wrong = write('{"rules":[{"fault":"lag"}]}');
    const broken = write("{");
    expect(problem(undefined, { faultsFile: missing })).toBe(
      `The file of faults ${missing} cannot be read (ENOENT).`,
    );
    expect(problem(undefined, { faultsFile: broken })).toBe(
      `The file of faults ${broken} is no JSON.`,
    );
    expect(problem(undefined, { faultsFile: wrong })).toBe(`${wrong}: rules[0].ms is missing.`);
  });

  test("sets what it holds", () => {
    const faultsFile = write(JSON.stringify(example));
    const emulator = createEmulator({ dialect: "vendor", faultsFile });
    const { seed, rules } = example;
    expect(emulator.faults()).toEqual({
      seed,
      rules: rules.map((rule) => ({ ...rule, matched: 0, hit: 0 })),
    });
  });
});

describe("the schema", () => {
  test("has no fault and no attribute that the documentation leaves out", () => {
    const page = readFileSync(join(import.meta.dirname, "../../../docs/emulator.md"), "utf8");
    const chapter = page.slice(page.indexOf("## Faults"), page.indexOf("## What it does not"));
    const { match, schedule, method, positive, likelihood, ...kinds } = schema.$defs;
    const attributes = Object.values(kinds).flatMap(({ properties }) => Object.keys(properties));
    const names = new Set([...Object.keys(kinds), ...attributes, ...Object.keys(match.properties)]);
    expect(names.size).toBeGreaterThan(25);
    expect([...names].filter((name) => !chapter.includes(`\`${name}\``))).toEqual([]);
  });

  test("takes the example", () => {
    expect([isValid(example), isValid.errors]).toEqual([true, null]);
  });

  const values = fc.constantFrom<unknown[]>(
    ...[-1, 0, 1, 2, 0.5, 204, 301, 503, 600, 1_000, 3_600_001, 1e16, null, true],
    ...["", "x", "/users/*", "**", "users", "/users?page=2", "GET", "get", "before", "after"],
    ...[[], [0], [1, 2], [1, "x"], ["GET"], ["GET", 1], [1_000]],
    ...[{}, { "retry-after": "3" }, { "content-LENGTH": "3" }, { a: "\n" }, { "a b": "c" }],
  );
  const faults = fc.constantFrom(
    ...["status", "html", "drop", "cut", "malformed", "drip", "delay", "partial", "lag", "quota"],
    "other",
  );
  const names = fc.constantFrom(
    ...["note", "method", "path", "nth", "every", "probability", "times", "afterMs", "untilMs"],
    ...["status", "code", "message", "headers", "when", "bytes", "ms", "rows", "rowProbability"],
    ...["core", "standard", "toString"],
  );
  const rule = fc
    .record({ fault: faults, attributes: fc.array(fc.tuple(names, values), { maxLength: 3 }) })
    .map(
      ({ fault, attributes }): Record<string, unknown> => ({
        ...Object.fromEntries(attributes),
        fault,
      }),
    );

  test("takes what the emulator takes, and refuses what it refuses", () => {
    // That one attribute is less than another is beyond a schema.
    const isBackwards = ({ afterMs, untilMs }: Record<string, unknown>): boolean =>
      typeof afterMs === "number" && typeof untilMs === "number" && untilMs <= afterMs;
    let taken = 0;
    fc.assert(
      fc.property(rule, (one) => {
        fc.pre(!isBackwards(one));
        const isTaken = problem({ rules: [one] }) === undefined;
        taken += isTaken ? 1 : 0;
        expect([one, isValid({ rules: [one] })]).toEqual([one, isTaken]);
      }),
      { numRuns: 5_000, seed: 1 },
    );
    expect(taken).toBeGreaterThan(300);
  });
});
