import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import provider from "../../../schemas/cometchat.schema.json" with { type: "json" };
import envelope from "../../../schemas/manifest.schema.json" with { type: "json" };
import { toDesired } from "../../../src/manifest/desired.ts";
import { toTexts } from "../../../src/manifest/keywords.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../src/model/json.ts";
import { createCollection } from "../../../src/providers/cometchat/dialects/collection.ts";
import { createVendor } from "../../../src/providers/cometchat/dialects/vendor.ts";
import { cometchat } from "../../../src/providers/cometchat/index.ts";
import { manifestOf } from "../../support/manifest-text.ts";

const kinds = cometchat.kinds("vendor");
const sections = kinds.flatMap(({ name, section }) =>
  section === undefined ? [] : [{ name, section }],
);

function read(file: string): string {
  return readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
}

test("there is one definition for each kind with a section, and the envelope refers to each section", () => {
  expect(Object.keys(provider.$defs)).toEqual(sections.map(({ name }) => name));
  expect(Object.keys(provider.properties)).toEqual(sections.map(({ section }) => section));
  for (const { section } of sections) {
    expect(envelope.properties).toHaveProperty(
      [section, "$ref"],
      `cometchat.schema.json#/properties/${section}`,
    );
  }
});

test("what a dialect cannot do with an attribute is told in the schema", () => {
  const dialects = { vendor: createVendor("app"), collection: createCollection() };
  for (const [dialect, { uncarried, dropped, fixed }] of Object.entries(dialects)) {
    const told = { uncarried: "x-unwritten", dropped: "x-dropped", fixed: "x-fixed" };
    for (const [limit, keyword] of Object.entries(told)) {
      const named = Object.entries(provider.$defs).flatMap(([kind, { properties }]) =>
        Object.entries<JsonObject>(properties as never).flatMap(([name, schema]) =>
          toTexts(schema[keyword]).includes(dialect) ? [`${kind}.${name}`] : [],
        ),
      );
      const held = Object.entries({ uncarried, dropped, fixed }[limit] ?? {});
      const limited = held.flatMap(([kind, names]) => names.map((name) => `${kind}.${name}`));
      expect([dialect, limit, named.sort()]).toEqual([dialect, limit, limited.sort()]);
    }
  }
});

test.each([
  ["manifest", envelope],
  ["cometchat", provider],
])(
  "the schema of %s is as JSON Schema wants it, of which nobody makes sure when it is used",
  (_, schema) => {
    const ajv = new Ajv();
    expect(ajv.validateSchema(schema) || ajv.errors).toBe(true);
  },
);

test("each attribute has a description", () => {
  const undescribed = (schema: Json, path: string): readonly string[] => {
    if (!isJsonObject(schema) || !isJsonObject(schema["properties"] ?? null)) {
      return [];
    }
    return Object.entries(schema["properties"] as JsonObject).flatMap(([name, attribute]) => [
      ...(isJsonObject(attribute) && ("description" in attribute || "$ref" in attribute)
        ? []
        : [`${path}.${name}`]),
      ...undescribed(attribute, `${path}.${name}`),
    ]);
  };
  expect([
    ...undescribed(envelope, "manifest"),
    ...Object.entries(provider.$defs).flatMap(([name, schema]) => undescribed(schema, name)),
  ]).toEqual([]);
});

test("the first example of a kind is a minimal one, the second has every attribute", () => {
  for (const { examples, properties } of Object.values(provider.$defs)) {
    expect(examples).toHaveLength(2);
    expect(Object.keys(examples[1] ?? {})).toEqual(Object.keys(properties));
  }
});

test.each(sections)("the examples of $name are valid", ({ name, section }) => {
  const { examples } = provider.$defs[name as keyof typeof provider.$defs];
  const [minimal, full] = examples;
  const text = JSON.stringify({ version: 1, [section]: { minimal, full } });
  const given = { variables: { LOBBY_PASSWORD: "p", AUDIT_PASSWORD: "p" } };
  expect(Object.keys(manifestOf(text, given).sections[section] ?? {})).toEqual(["minimal", "full"]);
});

test.each([
  "examples/environments/cometform.yaml",
  "examples/environments/cometform.production.yaml",
  "examples/environments/groups/rooms.yaml",
  "examples/load/cometform.yaml",
  "examples/seed/cometform.yaml",
])("%s is right for an editor, which knows nothing but the schema", (file) => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema(provider, "cometchat.schema.json");
  const { required: _, ...schema } = envelope;
  const isRight = ajv.compile(schema);
  expect(isRight(parseDocument(read(file)).toJS()) || isRight.errors).toBe(true);
  expect(isRight({ environments: { s: { users: { ann: null, bob: { nmae: 1 } } } } })).toBe(false);
});

test.each(["examples/cometchat.yaml", "examples/cometchat-next.yaml"])(
  "%s is valid, and says where its schema is",
  (file) => {
    const text = read(file);
    const manifest = manifestOf(text, { environment: { STAFF_ROOM_PASSWORD: "pedals" } });
    const { ok, diagnostics } = toDesired(manifest, kinds);
    expect(text.split("\n")[0]).toBe(
      "# yaml-language-server: $schema=../schemas/manifest.schema.json",
    );
    expect({ ok, diagnostics }).toEqual({ ok: true, diagnostics: [] });
    expect(parseDocument(text).errors).toEqual([]);
  },
);
