import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import schema from "../../../schemas/plan.schema.json" with { type: "json" };
import { isJsonObject, type Json, type JsonObject } from "../../../src/model/json.ts";
import type { Plan } from "../../../src/model/plan.ts";

const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
const hash = "0123456789abcdef".repeat(4);
const source = { file: "cometform.yaml", line: 3, column: 5, endColumn: 9 };

const plan: Plan = {
  formatVersion: 1,
  tool: { name: "cometform", version: "0.1.0" },
  provider: { name: "cometchat", appId: "2634f0", region: "us", dialect: "vendor" },
  stack: "acme",
  mode: "apply",
  manifestDigest: hash,
  scope: {
    only: ["groups"],
    except: ["user/eve"],
    pulledIn: [{ address: "user/alice", neededBy: "group/lobby" }],
    leftOut: [{ address: "group/eves", needs: "user/eve" }],
    beyond: 4,
  },
  overrides: {
    bulk: "auto",
    prune: { users: "all" },
    allow: ["delete:user=2"],
    takeOver: ["group/lobby"],
  },
  applicable: true,
  summary: {
    create: 1,
    update: 0,
    delete: 1,
    adopt: 0,
    reactivate: 0,
    forget: 1,
    protected: 1,
    unchanged: 3,
    undeclared: { user: 2, webhook: null },
  },
  calls: { total: 1, core: 1, standard: 0, import: 0, lowerBound: 1, split: null },
  reads: {
    calls: 2,
    complete: true,
    collections: [{ collection: "user", calls: 2, objects: 5, complete: true }],
  },
  changes: [
    {
      address: "group/lobby",
      kind: "group",
      action: "create",
      attributes: [
        { path: "password", before: null, after: { $secret: "group/lobby#password" } },
        { path: "metadata.seat", before: 4, after: [7] },
      ],
      mark: "acme",
      unmark: "other",
      reversal: "lossy",
      source,
    },
    {
      address: "membership/lobby:bob",
      kind: "membership",
      action: "delete",
      attributes: [],
      reversal: "reversible",
      soft: true,
      impliedBy: "user/bob",
      reason: "not declared, owned",
      children: 2,
    },
  ],
  blocked: [
    {
      address: "user/ceo",
      kind: "user",
      action: "delete",
      reason: "not declared, owned",
      by: "policy.protect user/ceo",
      source,
    },
  ],
  steps: [
    {
      id: "s1",
      call: {
        method: "POST",
        host: "chat",
        path: "/groups",
        body: { guid: "lobby" },
        quota: "core",
      },
      changes: ["group/lobby"],
      dependsOn: [],
      after: ["s0"],
      needs: ["user/alice"],
      reversal: "lossy",
    },
  ],
  diagnostics: [
    {
      severity: "warning",
      code: "manifest/undeclared-reference",
      summary: 'user "bob" is not declared',
      detail: "It is not declared here; plan looks for it in the app.",
      hint: 'did you mean "rob"?',
      address: "group/lobby",
      range: { file: "-", line: 1, column: 1 },
    },
  ],
  preImages: { "group/lobby": null, "user/bob": hash },
  authoritative: [],
  protect: ["user/ceo"],
  kept: ["user/eve"],
  digest: hash,
};

/** Every object in the value, as a path to it. */
function listObjects(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: Json, index) => listObjects(item, [...path, String(index)]));
  }
  return isJsonObject(value)
    ? [
        path,
        ...Object.entries(value).flatMap(([name, inner]) => listObjects(inner, [...path, name])),
      ]
    : [];
}

function withStranger(value: Json, [name, ...rest]: readonly string[]): Json {
  if (name === undefined) {
    return { ...(value as JsonObject), stranger: true };
  }
  if (Array.isArray(value)) {
    return value.map((item: Json, index) =>
      String(index) === name ? withStranger(item, rest) : item,
    );
  }
  return {
    ...(value as JsonObject),
    [name]: withStranger((value as JsonObject)[name] ?? null, rest),
  };
}

describe("plan.schema.json", () => {
  test("describes a plan with everything in it", () => {
    expect(validate(plan) || validate.errors).toBe(true);
  });

  test("describes what is printed when there is no plan", () => {
    expect(validate({ formatVersion: 1, diagnostics: plan.diagnostics })).toBe(true);
    expect(validate({ formatVersion: 1 })).toBe(false);
  });

  test("allows nothing else anywhere, but in maps, bodies and values", () => {
    const free =
      /^(?:summary,undeclared|overrides,prune|preImages|steps,0,call,body|changes,0,attributes,\d,after)/;
    for (const path of listObjects(plan as unknown as Json)) {
      if (!free.test(path.join())) {
        expect([path, validate(withStranger(plan as unknown as Json, path))]).toEqual([
          path,
          false,
        ]);
      }
    }
  });

  test("knows every action and how far each can be taken back", () => {
    const [change] = plan.changes;
    const withChange = (rest: object): boolean =>
      validate({ ...plan, changes: [{ ...change, ...rest }] });
    expect(withChange({ action: "forget" })).toBe(true);
    expect(withChange({ action: "replace" })).toBe(false);
    expect(withChange({ reversal: "irreversible" })).toBe(true);
    expect(withChange({ reversal: "perhaps" })).toBe(false);
    expect(withChange({ reversal: undefined })).toBe(false);
  });

  test("describes a plan that was limited to nothing, and no allowance without its number", () => {
    expect(validate({ ...plan, scope: null })).toBe(true);
    const allowing = (allow: string): boolean =>
      validate({ ...plan, overrides: { ...plan.overrides, allow: [allow] } });
    expect(allowing("remove:group/lobby=8")).toBe(true);
    expect(allowing("remove:group/lobby")).toBe(false);
  });

  test.each(["forget", "protected"])("a summary without %s is none", (name) => {
    expect(validate({ ...plan, summary: { ...plan.summary, [name]: undefined } })).toBe(false);
  });

  test.each(Object.keys(plan))("a plan without %s is none", (name) => {
    const rest = Object.fromEntries(Object.entries(plan).filter(([key]) => key !== name));
    expect(validate(rest)).toBe(false);
  });

  test("has a title and a description for everything", () => {
    const bare = (value: Json, path: string): readonly string[] => {
      if (!isJsonObject(value) || "$ref" in value) {
        return [];
      }
      const inner = isJsonObject(value["properties"]) ? value["properties"] : {};
      return [
        ...("title" in value && "description" in value ? [] : [path]),
        ...Object.entries(inner).flatMap(([name, schema]) => bare(schema, `${path}.${name}`)),
        ...bare(value["items"] ?? { $ref: "" }, `${path}[]`),
      ];
    };
    expect(Object.entries(schema.$defs).flatMap(([name, value]) => bare(value, name))).toEqual([]);
  });
});
