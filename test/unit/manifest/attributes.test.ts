import { describe, expect, test } from "vitest";
import cometchat from "../../../schemas/cometchat.schema.json" with { type: "json" };
import { describeAttribute } from "../../../src/manifest/attribute-page.ts";
import { listAttributes } from "../../../src/manifest/attributes.ts";
import { bundleManifest } from "../../../src/manifest/bundle.ts";
import type { JsonObject } from "../../../src/model/json.ts";

const plain = {
  ...{ limits: [], values: [], notes: [] },
  ...{ isRequired: false, isNullable: false, isSecret: false },
};

/** The attributes of a schema that stands alone. */
function list(schema: JsonObject) {
  return listAttributes(schema, []);
}

describe("an attribute", () => {
  test("is told with its type, its limits, its default and what null does", () => {
    const schema: JsonObject = {
      required: ["a"],
      properties: {
        a: { description: "A.", type: "string", minLength: 1, maxLength: 2000 },
        b: { type: ["array", "null"], items: { type: "string", maxLength: 3 }, uniqueItems: true },
        c: { enum: ["x", "y"], default: "x" },
        d: { type: "integer", minimum: 2, maximum: 9 },
        e: { type: "string", "x-secret": true, "x-dropped": ["collection"] },
      },
    };
    expect(list(schema)).toEqual([
      {
        ...plain,
        path: ["a"],
        type: "text",
        limits: ["1 to 2,000 characters"],
        isRequired: true,
        description: "A.",
      },
      {
        ...plain,
        path: ["b"],
        type: "list of texts",
        limits: ["each once", "each at most 3 characters"],
        isNullable: true,
        description: "",
      },
      { ...plain, path: ["c"], type: "", values: ["x", "y"], default: "x", description: "" },
      { ...plain, path: ["d"], type: "whole number", limits: ["2 to 9"], description: "" },
      {
        ...plain,
        path: ["e"],
        type: "text",
        limits: ["always one ${NAME}"],
        isSecret: true,
        notes: ["The collection dialect leaves it out."],
        description: "",
      },
    ]);
  });

  test("is what holds once variables are replaced", () => {
    const schema: JsonObject = {
      properties: {
        a: { type: ["boolean", "string"], "x-resolved": { type: "boolean" } },
        b: { type: "string", "x-resolved": { enum: ["us", "eu"] } },
        c: { type: "string", "x-resolved": { pattern: "^x", "x-rule": "an x" } },
      },
    };
    const told = list(schema).map(({ type, limits, values }) => ({ type, limits, values }));
    expect(told).toEqual([
      { type: "true or false", limits: [], values: [] },
      { type: "", limits: [], values: ["us", "eu"] },
      { type: "text", limits: ["an x"], values: [] },
    ]);
  });

  test("is followed by what stands in it, but for what is put together from other schemas", () => {
    const schema: JsonObject = {
      properties: {
        a: { properties: { b: { $ref: "#/$defs/b" } }, additionalProperties: { type: "number" } },
        c: { items: { $ref: "#/$defs/d" } },
        d: { description: "D.", allOf: [{ $ref: "#/$defs/d" }], properties: { e: {} } },
        h: { anyOf: [{ $ref: "#/$defs/d" }] },
        f: { type: "array", items: { properties: { g: { type: "number" } } } },
        environments: { additionalProperties: { properties: { a: {} } } },
      },
      $defs: {
        b: { type: "string", description: "B." },
        d: { properties: { x: { type: "null" } } },
      },
    };
    const paths = list(schema).map(({ path }) => path);
    expect(paths.map((path) => path.join("."))).toEqual([
      ...["a", "a.b", "a.*", "c", "c.[]", "c.[].x", "d"],
      ...["f", "f.[]", "f.[].g", "environments", "environments.*"],
    ]);
  });

  test("that a schema refers to and nobody describes is a mistake of the schema", () => {
    expect(() => list({ properties: { a: { $ref: "#/$defs/gone" } } })).toThrow("#/$defs/gone");
  });
});

describe("every attribute of the schemas", () => {
  const schema = bundleManifest(cometchat);
  const places = [[], ...Object.keys(cometchat.properties).map((section) => [section, "*"])];

  test.each(places.map((keys) => [keys.join(".") || "the top", keys] as const))(
    "below %s has a description, and a type or values",
    (_, keys) => {
      const attributes = listAttributes(schema, keys);
      expect(attributes.length).toBeGreaterThan(1);
      for (const { path, type, values, limits, description } of attributes) {
        expect(description, path.join(".")).not.toBe("");
        expect(`${type}${values.join("")}${limits.join("")}`, path.join(".")).not.toBe("");
      }
    },
  );

  test.each(places.map((keys) => [keys.join(".") || "the top", keys] as const))(
    "below %s is explained as it is listed",
    (_, keys) => {
      const listed = listAttributes(schema, keys).filter(({ path }) => !path.includes("[]"));
      for (const { path, type, values, limits, ...text } of listed) {
        const page = describeAttribute(path.join("."), [...keys, ...path], schema);
        const { description, notes, isRequired, isSecret, isNullable, default: byDefault } = text;
        expect(page).toMatchObject({
          ...{ description, notes, isRequired, isSecret },
          ...(byDefault === undefined ? {} : { default: byDefault }),
          ...(isNullable ? { null: "clears" } : {}),
        });
        // What a page shows as its type is a limit where nothing else can stand there.
        const shown = "type" in page ? [page.type, ...page.rules] : [];
        expect(shown).toEqual([values.join(" | ") || type, ...limits].filter((one) => one !== ""));
      }
    },
  );
});
