import fc from "fast-check";
import { expect, test } from "vitest";
import type { VariableScope } from "../../src/manifest/interpolate.ts";
import { readYaml } from "../../src/manifest/parse.ts";
import { readPlain } from "../../src/manifest/plain.ts";
import { createPlainPlaces } from "../../src/manifest/plain-places.ts";
import { indexText } from "../../src/manifest/source.ts";
import { isJsonObject, type Json } from "../../src/model/json.ts";

const runs = Number(process.env["COMETFORM_WORLDS"] ?? 3_000);
const scope: VariableScope = {
  variables: new Map([
    ["A", "x"],
    ["T", "true"],
  ]),
  environment: {},
};

const key = fc.constantFrom(
  ..."a|b|c|users|groups|metadata|007|12|yes|true|null|a.b|a-b|@c|'q'|\"d q\"|'<<'|<<|\"__proto__\"|$secret|$from|$pick|constructor|~|é".split(
    "|",
  ),
);
const scalar = fc.oneof(
  fc.constantFrom(
    ...'x|A b|user one|it\'s|a: b|a:b|a:|a #b|a#b|# c|https://x.example.com/a?b=c#d|1|0|-0|-1|+1|007|1.5|1.|.5|1e3|0x1f|0o17|12345678901234567890|.inf|-.inf|.nan|.x|true|True|TRUE|tRue|null|Null|~|~x|2024-01-01|1-2|1_000|${A}|${T}|"${T}"|${GONE}|$${x|${A}b|"a\\nb"|"a\\u00e9"|"a b"|"a: b # c"|\'it\'\'s\'|\'a\'b|"a" b|"a|\'a|[a, b]|[a, "b", \'c\', 1, true, null]|[ ]|[]|{}|{ }|[a,b]|[a, ]|[, a]|[a b, c d]|[a: b]|[[a], [b, {c: d}]]|{a: b}|{a: b, c: [d, e]}|{a: b, a: c}|{"a": 1}|{"a":1}|{a}|{a: }|{ a: https://x.example.com/b, c: d-e }|{ $from: [a.csv] }|{$pick: [a, b]}|[${A}]|["${A}"]|[a]b|[a] #c|[a]#c|[a|{a: b|-|- a|--- a|---|...|-a|-1a|--a|?|? a|:|: a|:a|&x a|*x|!t a|!!str 1|%a|@a|`a|>|>-|| |,a|]|}|a, b]|(a)|<a>|=|a\\b|é|🚲 x|\u00a0|a\u00a0|x  |\u2028|a\u2029b|\u0085|\uFEFF'.split(
      "|",
    ),
  ),
  fc.string({ maxLength: 8 }),
  fc.string({ unit: "grapheme", maxLength: 4 }),
);

/** A line and the one after it, if the value goes on there. */
const line = fc
  .record({
    indent: fc.constantFrom(0, 0, 2, 2, 2, 4, 4, 1, 3, 6),
    lead: fc.constantFrom("", "", "", "", "- ", "-", "- - ", "? "),
    key: fc.option(key, { freq: 6 }),
    colon: fc.constantFrom(": ", ": ", ": ", ":", ":  ", " : ", ":\t"),
    value: fc.option(scalar, { freq: 3 }),
    tail: fc.constantFrom("", "", "", "", "", " ", " # note", "#note", "\t", "\r", " |", " >-"),
  })
  .map(({ indent, lead, key: name, colon, value, tail }) => {
    const pair = name === null ? "" : `${name}${value === null ? colon.trimEnd() : colon}`;
    return `${" ".repeat(indent)}${lead}${pair}${value ?? ""}${tail}`;
  });
const anyLine = fc.oneof(
  { weight: 12, arbitrary: line },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "  ", "# c", "   # c", "---", "...", "%YAML 1.2", "\t"),
  },
);
const wild = fc.array(anyLine, { maxLength: 8 }).map((lines) => lines.join("\n"));

/** Maps within maps as people write them, so that most are plain. */
const tidy = fc.letrec<{ map: string[]; value: string[] }>((tie) => ({
  map: fc
    .uniqueArray(fc.tuple(key, tie("value")), {
      maxLength: 4,
      minLength: 1,
      selector: ([name]) => name,
    })
    .map((pairs) =>
      pairs.flatMap(([name, [first = "", ...rest]]) => [`${name}:${first}`, ...rest]),
    ),
  value: fc.oneof(
    { maxDepth: 3 },
    scalar.map((text) => [` ${text}`]),
    fc.constant<string[]>([""]),
    fc.constant<string[]>([" # nothing"]),
    fc
      .tuple(fc.array(scalar, { minLength: 1, maxLength: 3 }), fc.constantFrom("", "  "))
      .map(([items, indent]) => ["", ...items.map((item) => `${indent}- ${item}`)]),
    tie("map").map((lines) => ["", ...lines.map((inner) => `  ${inner}`)]),
    tie("map").map((lines) => [" # c", "", ...lines.map((inner) => `    ${inner}`), "# end"]),
  ),
})).map;

const tidyText = tidy.map((lines) => `${lines.join("\n")}\n`);

/** All paths in a value. */
function pathsIn(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  const inner = Array.isArray(value) || isJsonObject(value) ? Object.entries<Json>(value) : [];
  return [path, ...inner.flatMap(([name, one]) => pathsIn(one, [...path, name]))];
}

function checkAgainstYaml(text: string): boolean {
  const plain = readPlain(text, scope);
  if (plain === undefined) {
    return false;
  }
  const yaml = readYaml(indexText({ file: "m.yaml", text }), scope);
  if (!yaml.ok) {
    throw new Error(`plain, and no YAML: ${yaml.diagnostics[0]?.summary}`);
  }
  const { value, diagnostics, places } = yaml.value;
  expect(diagnostics).toEqual([]);
  expect(plain.value).toEqual(value);
  expect(JSON.stringify(plain.value)).toBe(JSON.stringify(value));
  const parse = (part: string) => {
    const read = part === text ? yaml : readYaml(indexText({ file: "m.yaml", text: part }), scope);
    if (!read.ok) {
      throw new Error(`no YAML by itself: ${part}`);
    }
    return read.value.places;
  };
  const paths = pathsIn(value).flatMap((known) => [known, [...known, "gone"]]);
  const kept = createPlainPlaces(indexText({ file: "m.yaml", text }), plain, parse);
  for (const [index, path] of paths.entries()) {
    // Asked often enough, all of the text is read: most questions are somebody's first.
    const first = createPlainPlaces(indexText({ file: "m.yaml", text }), plain, parse);
    const own = index % 3 === 0 ? kept : first;
    expect([path, own.reach(path)]).toEqual([path, places.reach(path)]);
    expect([path, own.locate(path)]).toEqual([path, places.locate(path)]);
    expect([path, own.locateKey(path)]).toEqual([path, places.locateKey(path)]);
    expect(own.isUnresolved(path)).toBe(places.isUnresolved(path));
    expect([path, own.written(path)]).toEqual([path, places.written(path)]);
    expect([path, own.template(path)]).toEqual([path, places.template(path)]);
  }
  return true;
}

test("what is read as plain YAML has the value and the places that YAML gives it", () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.oneof(tidyText, wild), fc.constantFrom("\n", "\n", "\r\n"), (text, newline) => {
      plain += checkAgainstYaml(text.replaceAll("\n", newline)) ? 1 : 0;
    }),
    { numRuns: runs },
  );
  // Else nothing would have been compared.
  expect(plain).toBeGreaterThan(runs / 20);
});

test("every scalar by itself is read as YAML reads it, or left to YAML", () => {
  fc.assert(
    fc.property(
      scalar,
      fc.constantFrom("a: %\n", "a:\n  - %\n", "a: [%]\n", "a: { b: % }\n"),
      (text, frame) => {
        checkAgainstYaml(frame.replace("%", () => text));
      },
    ),
    { numRuns: runs },
  );
});
