import { describe, expect, test } from "vitest";
import { readPolicy } from "../../../src/house/policy.ts";

/** What a policy objects to in a plan-like document, as lines; or why it is no policy. */
function ask(
  text: string,
  document: object,
  part: "plan" | "manifest" = "plan",
): readonly string[] {
  const read = readPolicy("rules.yaml", text, { plan: {}, manifest: {} });
  if (!read.ok) return read.diagnostics.map(({ code, summary }) => `${code} ${summary}`);
  const objections = read.value[part]?.(document) ?? [];
  return objections.map(({ path, message, reason }) => `${path.join("/")}: ${message} | ${reason}`);
}

const calls = (total: number) => ({ calls: { total } });

describe("a policy", () => {
  test("is a schema over the plan, or a map with schemas over the plan and the manifest", () => {
    const schema = '{"properties":{"calls":{"properties":{"total":{"maximum":5}}}}}';
    const told = ["calls/total: rules.yaml forbids this | must be <= 5"];
    expect(ask(schema, calls(6))).toEqual(told);
    expect(ask(schema, calls(5))).toEqual([]);
    expect(ask(`{"plan":${schema}}`, calls(6))).toEqual(told);
    expect(ask(`{"manifest":${schema}}`, calls(6))).toEqual([]);
    expect(ask(`{"manifest":${schema}}`, calls(6), "manifest")).toEqual(told);
  });

  test.each([
    ["the message beside the keyword", "message: own\n  title: T\ndescription: far", "own"],
    ["its description where there is no message", "description: near\ndescription: far", "near"],
    ["its title where there is neither", "title: T\ndescription: far", "T"],
    [
      "what stands nearest above it, where it says nothing itself",
      "$comment: x\ndescription: far",
      "far",
    ],
  ])("speaks by %s", (_, words, said) => {
    const text = `properties:\n calls:\n  minProperties: 9\n  ${words}`;
    expect(ask(text, calls(1))).toEqual([`calls: ${said} | must NOT have fewer than 9 properties`]);
  });

  test("speaks by its description where its schema has no words at all", () => {
    const text = "description: rules of the house\nplan: { required: [stack] }";
    expect(ask(text, {})).toEqual([": rules of the house | must have required property 'stack'"]);
  });

  test("tells of a choice once, not what is wrong with each way", () => {
    const text = "properties: { a: { message: either, anyOf: [{ const: 1 }, { type: string }] } }";
    expect(ask(text, { a: true })).toEqual(["a: either | must match a schema in anyOf"]);
  });

  test("tells of a condition what its consequence lacks", () => {
    const text = "if: { required: [a] }\nthen: { required: [b], message: a needs b }";
    expect(ask(text, { a: 1 })).toEqual([": a needs b | must have required property 'b'"]);
  });

  test("objects also to properties that are called like keywords", () => {
    const text =
      "properties: { anyOf: { const: 1 }, contains: { properties: { if: { const: 1 } } } }";
    expect(ask(text, { anyOf: 2, contains: { if: 2 } })).toHaveLength(2);
  });

  test("may refer to what is in it, and be of either draft", () => {
    const text =
      "properties: { a: { $ref: '#/$defs/one' } }\n$defs: { one: { const: 1, message: one } }";
    const drafts = [
      "http://json-schema.org/draft-07/schema#",
      "https://json-schema.org/draft/2020-12/schema",
    ];
    for (const draft of drafts) {
      expect(ask(`$schema: ${draft}\n${text}`, { a: 2 })).toEqual(["a: one | must be 1"]);
    }
  });
});

describe("what could not judge anything is refused", () => {
  test.each([
    ["a text that is no YAML", "plan: [", "is not valid YAML or JSON"],
    ["a list", "[]", "is no map"],
    ["nothing", "", "is no map"],
    ["a map that demands nothing", "{}", "demands nothing of the plan"],
    ["words alone", "title: strict\ndescription: very", "demands nothing of the plan"],
    ["an empty part", "plan: {}", "demands nothing of the plan"],
    ["a part that is yes", "manifest: true", "demands nothing of the manifest"],
    ["a name beside the parts", "plan: { type: object }\nmanifets: {}", 'has "manifets" beside'],
    ["a keyword that does not exist", "propertees: {}", 'unknown keyword: "propertees"'],
    ["a keyword deep inside", "properties: { a: { maxium: 1 } }", 'unknown keyword: "maxium"'],
    ["a keyword with a wrong value", "properties: { a: { maximum: many } }", "schema is invalid"],
    [
      "a format that does not exist",
      "properties: { a: { format: colour } }",
      'unknown format "colour"',
    ],
    ["a pattern that is none", "properties: { a: { pattern: '(' } }", "Invalid regular expression"],
    ["a reference to elsewhere", "$ref: https://example.com/a.json", "can't resolve reference"],
    ["a reference to a file", "$ref: other.json", "can't resolve reference"],
    ["a schema that answers later", "$async: true\nrequired: [a]", "asynchronous"],
    [
      "a draft that is not known",
      "$schema: http://json-schema.org/draft-04/schema#\nrequired: [a]",
      "no schema with key or ref",
    ],
    [
      "a draft beside the parts that is not known",
      "$schema: http://json-schema.org/draft-04/schema#\nplan: { required: [a] }",
      'not known here: "http://json-schema.org/draft-04/schema#"',
    ],
    ["a part that allows nothing", "plan: false", "forbids every plan"],
    [
      "a keyword of another draft than is named beside the parts",
      "$schema: http://json-schema.org/draft-07/schema#\nplan: { dependentRequired: { a: [b] } }",
      'unknown keyword: "dependentRequired"',
    ],
    [
      "aliases that multiply",
      `a: &a [1,1]\n${"b: &b [*a,*a]\n".repeat(1)}c: [${"*b,".repeat(99)}*b]`,
      "is no map",
    ],
  ])("%s", (_, text, reason) => {
    expect(ask(text, {})).toEqual([expect.stringMatching(/^policy\/file The policy rules\.yaml /)]);
    expect(ask(text, {})[0]).toContain(reason);
  });

  test("with the place of what is no YAML", () => {
    const read = readPolicy("rules.yaml", "plan:\n  a: 1\n a: 2\n", { plan: {}, manifest: {} });
    expect(read.diagnostics[0]?.range).toMatchObject({ file: "rules.yaml", line: 3 });
  });
});
