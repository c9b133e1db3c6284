import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { toDesired } from "../../src/manifest/desired.ts";
import { digestManifest } from "../../src/manifest/digest.ts";
import { loadManifest } from "../../src/manifest/load.ts";
import { printManifest } from "../../src/manifest/print.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";
import { cometchat } from "../../src/providers/cometchat/index.ts";
import { renderDiagnostics } from "../../src/render/diagnostics.ts";
import { plainPaint } from "../../src/render/paint.ts";
import { loadText, manifestOf } from "../support/manifest-text.ts";

const runs = Number(process.env["COMETFORM_WORLDS"] ?? 1_000);
const kinds = cometchat.kinds("vendor");

/** Loads, plans the desired graph and renders all that is said, as the command line does. */
function useAll(text: string): string {
  const result = loadText(text, { variables: { A: "true", B: "${A}" } });
  const desired = result.ok ? toDesired(result.value, kinds) : undefined;
  const diagnostics = [...result.diagnostics, ...(desired?.diagnostics ?? [])];
  expect(result.ok).toBe(result.diagnostics.every(({ severity }) => severity !== "error"));
  for (const { range } of diagnostics) {
    expect(range === undefined || (range.line > 0 && range.column > 0)).toBe(true);
  }
  return renderDiagnostics(diagnostics, {
    sources: new Map([["m.yaml", text]]),
    paint: plainPaint,
  });
}

/** Words that make YAML, and that make manifests. */
const word = fc.constantFrom(
  ..."version: 1\n|users:\n|  |    |alice: |bob:\n|name: |role: |tags: |[|]|{|}|, |: |- |? |'|\"|#|&a |*a |<<: |!x |%|@|`|>-\n|,|null|~|true|5|${A}|${B|$${|password: |members:|admins: |---\n|...\n|\t|\r\n|\uFEFF|\0|ü|🚲|__proto__: |metadata: |x".split(
    "|",
  ),
);

test("no text makes the manifest stage throw, and every refusal has words", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(word).map((words) => words.join("")),
      ),
      (text) => {
        expect(useAll(text)).not.toContain("undefined");
      },
    ),
    { numRuns: runs },
  );
});

test("no YAML value in the place of a manifest makes it throw", () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  const entry = fc.dictionary(
    fc.constantFrom(
      "name",
      "role",
      "tags",
      "metadata",
      "members",
      "owner",
      "basicAuth",
      "nmae",
      "url",
    ),
    value,
  );
  const manifest = fc.record(
    {
      version: fc.oneof(fc.constant(1), value),
      stack: value,
      provider: value,
      policy: value,
      users: fc.oneof(value, fc.dictionary(fc.string(), fc.oneof(entry, value))),
      groups: fc.oneof(value, fc.dictionary(fc.string(), fc.oneof(entry, value))),
      webhooks: fc.oneof(value, fc.dictionary(fc.string(), fc.oneof(entry, value))),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(manifest, (any) => {
      expect(useAll(stringify(any, { aliasDuplicateObjects: false }))).not.toContain("undefined");
    }),
    { numRuns: runs },
  );
});

const isPlainKey = (key: string): boolean => !["__proto__", "$secret", "cometform"].includes(key);
const id = fc.stringMatching(/^[a-z0-9_-]{1,20}$/).filter(isPlainKey);
const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false),
    fc
      .oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))
      .map((n) => n + 0),
    fc.string({ unit: "grapheme" }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 5 }).filter(isPlainKey), tie("value"), { maxKeys: 3 }),
  ) as fc.Arbitrary<Json>,
})).value;
const metadata = fc
  .dictionary(fc.string({ unit: "grapheme", maxLength: 8 }).filter(isPlainKey), json, {
    maxKeys: 3,
  })
  .filter((value) => Buffer.byteLength(JSON.stringify(value)) < 5_000);

/** Valid manifests, as values. */
const validManifest: fc.Arbitrary<JsonObject> = fc.record(
  {
    version: fc.constant(1),
    stack: fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,39}$/),
    roles: fc.dictionary(id, fc.record({ name: text, metadata }, { requiredKeys: [] }), {
      maxKeys: 5,
    }),
    users: fc.dictionary(
      id.filter((uid) => uid !== "app_system"),
      fc.record(
        {
          name: text,
          statusMessage: fc.option(fc.string({ unit: "grapheme" })),
          metadata: fc.option(metadata),
          tags: fc.option(fc.uniqueArray(text, { maxLength: 5 })),
        },
        { requiredKeys: [] },
      ),
      { maxKeys: 5 },
    ),
  },
  { requiredKeys: ["version"] },
) as fc.Arbitrary<JsonObject>;

test("a printed manifest loads as what was printed", () => {
  fc.assert(
    fc.property(validManifest, ({ version: _, stack, ...sections }) => {
      const printed = printManifest({
        version: 1,
        ...(stack === undefined ? {} : { stack }),
        ...sections,
      });
      const manifest = manifestOf(printed);
      expect(manifest.sections).toEqual(sections);
      expect(manifest.stack).toBe(stack);
    }),
    { numRuns: runs },
  );
});

test("the digest does not depend on the order of keys or on the form of the text", () => {
  const reverse = (value: Json): Json => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return value;
    }
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, inner]) => [key, reverse(inner)]),
    );
  };
  const digestOf = (content: string): string => {
    const manifest = manifestOf(content);
    const desired = toDesired(manifest, kinds);
    return desired.ok ? digestManifest(manifest, desired.value) : "";
  };
  fc.assert(
    fc.property(validManifest, (value) => {
      const digest = digestOf(printManifest(value));
      expect(digest).toHaveLength(64);
      expect(digestOf(printManifest(reverse(value) as JsonObject))).toBe(digest);
    }),
    { numRuns: runs },
  );
});

test("a secret is in nothing that is said, wherever the text is broken", () => {
  const secret = "hunter2hunter2";
  const whole = `version: 1
groups:
  lobby:
    name: Lobby
    password: ${secret}
users:
  alice: { metadata: { "@private": { pin: "${secret}" } } }
  bob:
    metadata:
      "@private":
        pin: ${secret}
        more: [${secret}]
`;
  const breakage = fc.record({
    at: fc.nat({ max: whole.length }),
    cut: fc.nat({ max: 3 }),
    put: fc.constantFrom(
      "",
      "{",
      "}",
      "[",
      "'",
      '"',
      ":",
      "\t",
      " ",
      "@",
      "- ",
      "&a ",
      "${X}",
      "#",
      "!",
    ),
  });
  // Keys and their secrets stay whole: what is no key any more cannot be known to be secret.
  const kept = [...whole.matchAll(/"?@private"?[\s\S]*?(?=\n {2}\w|$)|password: \w+/g)].map(
    (match) => ({
      from: match.index,
      to: match.index + match[0].length,
    }),
  );
  fc.assert(
    fc.property(breakage, ({ at, cut, put }) => {
      fc.pre(kept.every(({ from, to }) => at + cut <= from || at >= to));
      expect(useAll(whole.slice(0, at) + put + whole.slice(at + cut))).not.toContain(secret);
    }),
    { numRuns: runs },
  );
});

test("a secret is not shown, in whatever form YAML lets it be written", () => {
  const key = fc.constantFrom(
    "password",
    '"@private"',
    "'@private'",
    '"\\u0040private"',
    '"p\\x61ssword"',
    "&k password",
    '!!str "@private"',
  );
  const value = fc.constantFrom(
    (indent: string) => ` s3cret\n${indent} s3cret`,
    (indent: string) => ` "s3cret\n${indent} s3cret: x" # note`,
    (indent: string) => ` |- # note\n${indent} s3cret\n\n${indent}  a: s3cret`,
    (indent: string) => `\n${indent}- s3cret\n${indent}-\n${indent}  a: s3cret`,
    (indent: string) => ` # note\n${indent}# note\n${indent}  &v !!str s3cret`,
    (indent: string) => ` { a: [s3cret,\n${indent} "s3cret" ],\n${indent} b: s3cret }`,
    (indent: string) => `\n${indent}  - a: 's3cret'\n${indent}    b: s3cret`,
    () => " *named",
    () => " [ *named ]",
  );
  const form = fc.constantFrom(
    (written: string, indent: string, below: string) => `${indent}${written}:${below}\n`,
    (written: string, indent: string, below: string) =>
      `${indent}? ${written} # note\n\n${indent}:${below}\n`,
    (_: string, indent: string, below: string) =>
      `${indent}? >-\n${indent}  @private\n${indent}:${below}\n`,
  );
  const entry = fc.record({ key, value, form, isDeep: fc.boolean(), isWindows: fc.boolean() });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 4 }), (entries) => {
      const body = entries.map((one, index) => {
        const indent = one.isDeep ? "    " : "  ";
        const written = one.form(one.key, indent, one.value(indent));
        return `k${index}:\n${one.isDeep ? "  inner:\n" : ""}${written}`;
      });
      const unix = `first: &named\n  - s3cret\n  - b: s3cret\n${body.join("")}last: x\n`;
      const shown = entries[0]?.isWindows === true ? unix.replaceAll("\n", "\r\n") : unix;
      const aliased = /\*named/.test(unix) ? shown : shown.replaceAll(/^( {2}- .*)s3cret/gm, "$1");
      const places = aliased.split("\n").map((_, index) => index + 1);
      const diagnostics = places.map((line) => ({
        severity: "error" as const,
        code: "manifest/syntax" as const,
        summary: "x",
        range: { file: "m.yaml", line, column: 1 },
      }));
      const sources = new Map([["m.yaml", aliased]]);
      expect(renderDiagnostics(diagnostics, { sources, paint: plainPaint })).not.toContain(
        "s3cret",
      );
    }),
    { numRuns: runs },
  );
});

test("loading is a function: equal inputs give equal results", () => {
  fc.assert(
    fc.property(validManifest, (value) => {
      const options = {
        sources: [{ file: "m.yaml", text: printManifest(value) }],
        variables: new Map(),
        environment: {},
        schema: cometchat.schema,
        kinds,
      };
      expect(JSON.stringify(loadManifest(options))).toBe(JSON.stringify(loadManifest(options)));
    }),
    { numRuns: Math.min(runs, 200) },
  );
});
