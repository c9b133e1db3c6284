import fc from "fast-check";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { SourceRange } from "../../src/model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../../src/model/json.ts";
import { type Given, loadText } from "../support/manifest-text.ts";

const runs = Number(process.env["COMETFORM_WORLDS"] ?? 300);

/** RFC 7386 as it is written there, sharing nothing with what it is to judge. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof target === "object" && target !== null && !Array.isArray(target);
  const result: Record<string, unknown> = isObject ? { ...target } : {};
  for (const name of Object.keys(patch)) {
    const value = (patch as Record<string, unknown>)[name];
    if (value === null) delete result[name];
    else result[name] = mergePatch(result[name], value);
  }
  return result;
}

const word = fc.constantFrom("a", "b c", "x: y", "12", "true", "\u00e9", "it's", "- d", "");
const scalar = fc.oneof(word, fc.integer({ min: -99, max: 99 }), fc.boolean());
const key = fc.constantFrom("k", "l", "m.n", "0", "7", "constructor", "toString");
const anything = fc.letrec<{ value: Json; map: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.constant(null),
    tie("map"),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
  map: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
}));

const id = fc.constantFrom("ann", "bob", "7", "constructor");
const tags = fc.uniqueArray(fc.constantFrom("s", "t", "u"), { maxLength: 3 });
const list = fc.uniqueArray(fc.constantFrom("x1", "x2", "x3"), { maxLength: 2 });
const nullable = <T>(one: fc.Arbitrary<T>) => fc.option(one, { freq: 4 });
const partial = { requiredKeys: [] };
const user = fc.record(
  {
    name: fc.constantFrom("Ann", "Bob"),
    statusMessage: nullable(word),
    tags: nullable(tags),
    metadata: nullable(anything.map),
  },
  partial,
);
const group = fc.record(
  { name: fc.constantFrom("G", "H"), members: fc.record({ admins: list }, partial) },
  partial,
);
const role = fc.record({ name: fc.constantFrom("R", "S"), metadata: anything.map }, partial);
const body = fc.record(
  {
    stack: fc.constantFrom("one", "two"),
    users: fc.dictionary(id, user, { maxKeys: 3 }),
    groups: fc.dictionary(id, group, { maxKeys: 2 }),
    roles: fc.dictionary(id, role, { maxKeys: 2 }),
    policy: fc.record({ members: fc.constantFrom("additive", "authoritative") }, partial),
  },
  partial,
);
const patch = fc.record(
  {
    stack: nullable(fc.constantFrom("one", "three")),
    users: nullable(fc.dictionary(id, nullable(user), { maxKeys: 3 })),
    groups: nullable(fc.dictionary(id, nullable(group), { maxKeys: 2 })),
    roles: nullable(fc.dictionary(id, nullable(role), { maxKeys: 2 })),
    policy: nullable(fc.record({ members: nullable(fc.constantFrom("additive")) }, partial)),
  },
  partial,
);

/** The manifest and its overlay as files: the overlay within, or beside. */
function toFiles(
  whole: object,
  overlay: object,
  isBeside: boolean,
): { text: string; given: Given; texts: { readonly [file: string]: string } } {
  const options = { lineWidth: 0 };
  const inner = isBeside ? {} : { environments: { s: overlay } };
  const text = stringify({ version: 1, ...whole, ...inner }, options);
  const files = isBeside ? { "m.s.yaml": stringify({ version: 1, ...overlay }, options) } : {};
  return { text, given: { files, env: "s" }, texts: { ...files, "m.yaml": text } };
}

/** The paths to what is no map and no list. */
function leavesOf(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (!isJsonObject(value) && !Array.isArray(value)) return [path];
  return Object.entries<Json>(value).flatMap(([name, one]) => leavesOf(one, [...path, name]));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((inner, name) => (inner as Record<string, unknown>)[name], value);
}

test("an overlaid manifest is what RFC 7386 makes of it, and each value stands where it was given", () => {
  let compared = 0;
  fc.assert(
    fc.property(body, patch, fc.boolean(), (whole, overlay, isBeside) => {
      const { text, given, texts } = toFiles(whole, overlay, isBeside);
      const loaded = loadText(text, given);
      expect(loaded.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      if (!loaded.ok) return;
      const expected = mergePatch(whole, overlay) as typeof whole;
      const { sections, stack, policy, locate } = loaded.value;
      const { users, groups, roles } = expected;
      expect({ ...sections }).toEqual(
        Object.fromEntries(
          Object.entries({ users, groups, roles }).filter(([, entries]) => entries !== undefined),
        ),
      );
      expect(stack).toBe(expected.stack);
      expect(policy.members).toBe(expected.policy?.members ?? "additive");
      const written = ({ file, line, column, endColumn = 0 }: SourceRange): unknown =>
        parse(texts[file]?.split("\n")[line - 1]?.slice(column - 1, endColumn - 1) ?? "");
      for (const path of leavesOf(sections as JsonObject)) {
        expect([path, written(locate(path))]).toEqual([path, valueAt(sections, path)]);
        compared += 1;
      }
      for (const [section, entries] of Object.entries(sections)) {
        const ids = Object.keys(entries).filter((name) => Object.keys(entries[name] ?? {}).length);
        expect(ids.map((name) => String(written(locate([section, name]))))).toEqual(ids);
      }
    }),
    { numRuns: runs },
  );
  expect(compared).toBeGreaterThan(runs);
});

test("an overlay that is not asked for changes nothing", () => {
  fc.assert(
    fc.property(body, patch, (whole, overlay) => {
      const one = loadText(stringify({ version: 1, ...whole, environments: { s: overlay } }));
      const other = loadText(stringify({ version: 1, ...whole }));
      expect(one.ok && one.value.sections).toEqual(other.ok && other.value.sections);
    }),
    { numRuns: Math.ceil(runs / 3) },
  );
});
