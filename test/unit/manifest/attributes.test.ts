import { describe, expect, test } from "vitest";
import cometchat from "../../../schemas/cometchat.schema.json" with { type: "json" };
import manifest from "../../../schemas/manifest.schema.json" with { type: "json" };
import { listAttributes } from "../../../src/manifest/attributes.ts";
import type { JsonObject } from "../../../src/model/json.ts";

const plain = { limits: [], values: [], isRequired: false, isNullable: false, isSecret: false };

/** The attributes of a schema that stands alone. */
function list(schema: JsonObject, others: { readonly [file: string]: JsonObject } = {}) {
  return listAttributes({ "a.json": schema, ...others }, "a.json#");
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
        e: { type: "string", "x-secret": true },
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
      { ...plain, path: ["e"], type: "text", isSecret: true, description: "" },
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

  test("is followed by what stands in it, but for what another schema describes", () => {
    const schema: JsonObject = {
      properties: {
        a: { properties: { b: { $ref: "#/$defs/b" } }, additionalProperties: { type: "number" } },
        c: { $ref: "b.json#" },
        d: { description: "D.", allOf: [{ $ref: "b.json#" }], properties: { e: {} } },
        h: { anyOf: [{ $ref: "b.json#" }] },
        f: { type: "array", items: { properties: { g: { type: "number" } } } },
      },
      $defs: { b: { type: "string", description: "B." } },
    };
    const paths = list(schema, { "b.json": { properties: { x: {} } } }).map(({ path }) => path);
    expect(paths.map((path) => path.join("."))).toEqual([
      ...["a", "a.b", "a.*", "c", "d"],
      ...["f", "f.[]", "f.[].g"],
    ]);
  });

  test("that a schema refers to and nobody describes is a mistake of the schema", () => {
    expect(() => list({ properties: { a: { $ref: "#/$defs/gone" } } })).toThrow("#/$defs/gone");
  });
});

describe("every attribute of the schemas", () => {
  const schemas = { "manifest.schema.json": manifest, "cometchat.schema.json": cometchat };
  const references = [
    "manifest.schema.json#",
    ...Object.keys(cometchat.$defs).map((kind) => `cometchat.schema.json#/$defs/${kind}`),
  ];

  test.each(references)("of %s has a description, and a type or values", (reference) => {
    const attributes = listAttributes(schemas, reference);
    expect(attributes.length).toBeGreaterThan(1);
    for (const { path, type, values, limits, description } of attributes) {
      expect(description, path.join(".")).not.toBe("");
      expect(`${type}${values.join("")}${limits.join("")}`, path.join(".")).not.toBe("");
    }
  });
});
