import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { toDesired } from "../../src/manifest/desired.ts";
import type { Json } from "../../src/model/json.ts";
import { cometchat } from "../../src/providers/cometchat/index.ts";
import { type Given, loadText, manifestOf } from "../support/manifest-text.ts";

const runs = Number(process.env["COMETFORM_WORLDS"] ?? 400);
const kinds = cometchat.kinds("vendor");
const secret = "S3CR3T-w0rd";

const key = fc.constantFrom(
  ..."users|groups|webhooks|roles|ann|s|0|name|type|count|from|id|kind|metadata|@private|password|basicAuth|url|tags|members|admins|$from|$pick|$deal|default|sensitive|enum|description|stack|policy|protect|defaults|generate|variables|N".split(
    "|",
  ),
);
const value = fc.letrec<{ value: Json; map: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<Json>("${S}", "a ${S}", "${N}", "${GONE}", "u{n}", "{n:4}", "x.csv", "ann", ""),
    fc.constantFrom<Json>(
      "users",
      "groups",
      "number",
      "https://x.example.com",
      "${S}.csv",
      "x.yaml",
    ),
    fc.constantFrom<Json>(null, true, 1, 2, -1, 1e9, "password", "public"),
    tie("map"),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
  map: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
}));
const map = value.map as fc.Arbitrary<{ readonly [name: string]: Json }>;
/** What people write, with the secret in all kinds of places. */
const slot = (...usual: readonly Json[]) =>
  fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...usual) }, fc.constantFrom("${S}", "a-${S}"));
const hidden = fc.constantFrom<Json>("${S}", { pin: "${S}", all: ["a ${S}", 1] }, { n: 1 });
const user = fc.record(
  {
    name: slot("Ann", "Bob {n}"),
    statusMessage: slot("hi", null),
    tags: fc.array(slot("t"), { maxLength: 1 }),
    metadata: fc.record({ k: slot("v", 1), "@private": hidden }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const group = fc.record(
  { name: slot("G"), password: fc.constantFrom("${S}"), metadata: fc.record({ k: slot("v") }) },
  { requiredKeys: [] },
);
const sections = {
  users: fc.dictionary(fc.constantFrom("ann", "bob"), user),
  groups: fc.dictionary(fc.constantFrom("g", "h"), group),
};
const generator = fc
  .tuple(fc.integer({ min: 1, max: 3 }), user)
  .map(([count, attributes]) => ({ kind: "users", count, id: "made-{n}", ...attributes }));
const tidy = fc.record(
  {
    ...sections,
    environments: fc.dictionary(
      fc.constantFrom("s", "t"),
      fc.record(
        {
          users: fc.dictionary(fc.constantFrom("ann", "bob"), fc.option(user)),
          groups: sections.groups,
          generate: fc.array(generator, { maxLength: 1 }),
        },
        { requiredKeys: [] },
      ),
    ),
    defaults: fc.record({ users: user, groups: group }, { requiredKeys: [] }),
    generate: fc.array(generator, { maxLength: 1 }),
    stack: fc.constantFrom("acme"),
  },
  { requiredKeys: [] },
);
const wild = fc.record(
  {
    include: value.value,
    environments: fc.oneof(value.value, fc.dictionary(fc.constantFrom("s", "t"), map)),
    defaults: fc.oneof(value.value, fc.dictionary(fc.constantFrom("users", "groups"), map)),
    generate: fc.oneof(value.value, fc.array(map, { maxLength: 2 })),
    variables: map,
    users: fc.oneof(value.value, fc.dictionary(fc.constantFrom("ann", "bob"), map)),
    groups: fc.oneof(value.value, fc.dictionary(fc.constantFrom("g"), map)),
    policy: value.value,
    stack: fc.constantFrom("${S}", "acme"),
  },
  { requiredKeys: [] },
);
const text = fc.oneof(tidy, wild).map((whole) => ({
  version: 1,
  ...whole,
  variables: { ...("variables" in whole ? whole.variables : {}), S: { sensitive: true } },
}));

const given: Given = {
  variables: { S: secret },
  tables: { "x.csv": "uid,name\nann,Ann\n" },
  files: {
    "x.yaml": "users: { more: { name: '${S}' } }",
    "m.s.yaml": "users: { ann: { name: A } }",
  },
};

test("whatever a manifest says, it is loaded or refused in words, and a secret is in neither", () => {
  let loadedCount = 0;
  fc.assert(
    fc.property(text, fc.constantFrom(undefined, "s", "t"), fc.boolean(), (whole, env, isPlain) => {
      const options = env === undefined ? given : { ...given, env };
      const written = isPlain ? stringify(whole, { lineWidth: 0 }) : JSON.stringify(whole);
      const loaded = loadText(written, options);
      expect(JSON.stringify(loaded.diagnostics)).not.toContain(secret);
      if (!loaded.ok) return;
      loadedCount += 1;
      const desired = toDesired(loaded.value, kinds);
      expect(JSON.stringify(desired.diagnostics)).not.toContain(secret);
      if (!desired.ok) return;
      const { secrets: _, ...shown } = desired.value;
      expect(JSON.stringify([...shown.resources.values()])).not.toContain(secret);
      const { policy, provider, stack, forget } = loaded.value;
      expect(JSON.stringify([policy, provider, stack, [...forget]])).not.toContain(secret);
    }),
    { numRuns: runs },
  );
  expect(loadedCount).toBeGreaterThan(runs / 20);
});

test("generated entries are those of a table with the same rows", () => {
  const choices = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 1200 }),
      fc.integer({ min: 1, max: 5 }),
      choices,
      (count, from, digits, picks) => {
        const rows = Array.from({ length: count }, (_, index) => {
          const number = `${from + index}`;
          return `u${number.padStart(digits, "0")},N ${number},${picks[index % picks.length]}`;
        });
        const generator = {
          kind: "users",
          count,
          from,
          id: `u{n:0${digits}}`,
          name: "N {n}",
          statusMessage: { $pick: picks },
        };
        const made = manifestOf(JSON.stringify({ version: 1, generate: [generator] }));
        const table = ["uid,name,statusMessage", ...rows].join("\n");
        const read = manifestOf("version: 1\nusers: { $from: t.csv }\n", {
          tables: { "t.csv": table },
        });
        expect(made.sections).toEqual(read.sections);
      },
    ),
    { numRuns: Math.ceil(runs / 10) },
  );
});

test("what is dealt out is dealt once, as evenly as it can be", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 40 }), (groups, ids) => {
      const generate = [
        { kind: "users", count: ids, id: "u{n}", name: "U" },
        {
          kind: "groups",
          count: groups,
          id: "g{n}",
          members: { participants: { $deal: "u{n}", count: ids } },
        },
      ];
      const { sections } = manifestOf(JSON.stringify({ version: 1, generate }));
      const hands = Object.values(sections["groups"] ?? {}).map(
        ({ members }) => (members as { participants: readonly string[] }).participants,
      );
      expect(hands.flat().sort()).toEqual(Object.keys(sections["users"] ?? {}).sort());
      const sizes = hands.map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
    { numRuns: Math.ceil(runs / 10) },
  );
});
