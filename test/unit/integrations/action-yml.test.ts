import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { root } from "../../support/cli.ts";

/**
 * GitHub's page of the metadata of actions, as far as a composite action goes (documented: the names of
 * keys, which are required, ids, `using`, the colours of the branding).
 */
const metadata = {
  type: "object",
  additionalProperties: false,
  required: ["name", "description", "runs"],
  properties: {
    name: { type: "string", minLength: 1 },
    author: { type: "string" },
    description: { type: "string", maxLength: 125 },
    inputs: {
      type: "object",
      propertyNames: { pattern: "^[A-Za-z_][A-Za-z0-9_-]*$" },
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        required: ["description"],
        properties: {
          description: { type: "string" },
          required: { type: "boolean" },
          default: { type: "string" },
          deprecationMessage: { type: "string" },
        },
      },
    },
    outputs: {
      type: "object",
      propertyNames: { pattern: "^[A-Za-z_][A-Za-z0-9_-]*$" },
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        required: ["description", "value"],
        properties: { description: { type: "string" }, value: { type: "string" } },
      },
    },
    runs: {
      type: "object",
      additionalProperties: false,
      required: ["using", "steps"],
      properties: {
        using: { const: "composite" },
        steps: {
          type: "array",
          minItems: 1,
          items: {
            type: "object",
            additionalProperties: false,
            required: ["run", "shell"],
            properties: {
              id: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_-]*$" },
              name: { type: "string" },
              if: { type: "string" },
              shell: { enum: ["bash", "sh"] },
              run: { type: "string" },
              env: { type: "object", additionalProperties: { type: "string" } },
              "working-directory": { type: "string" },
              "continue-on-error": { type: "boolean" },
            },
          },
        },
      },
    },
    branding: {
      type: "object",
      additionalProperties: false,
      required: ["icon", "color"],
      properties: {
        icon: { type: "string" },
        color: {
          enum: [
            "white",
            "black",
            "yellow",
            "blue",
            "green",
            "orange",
            "red",
            "purple",
            "gray-dark",
          ],
        },
      },
    },
  },
};

interface Metadata {
  readonly inputs: { readonly [name: string]: unknown };
  readonly outputs: { readonly [name: string]: { readonly value: string } };
  readonly runs: {
    readonly steps: readonly {
      readonly id: string;
      readonly run: string;
      readonly env: { readonly [name: string]: string };
    }[];
  };
}

const text = readFileSync(join(root, "action.yml"), "utf8");
const action: Metadata = parse(text);
const folder = join(root, "integrations", "github");
const programs = readdirSync(folder)
  .filter((file) => file.endsWith(".mjs"))
  .map((file) => readFileSync(join(folder, file), "utf8"));

const toVariable = (input: string): string => `INPUT_${input.toUpperCase().replaceAll("-", "_")}`;

test("action.yml is what GitHub's page of metadata allows", () => {
  const validate = new Ajv({ allErrors: true }).compile(metadata);
  validate(action);
  expect(validate.errors).toBeNull();
});

test("every input reaches the program by a variable of its own, and every variable is read", () => {
  const [step] = action.runs.steps;
  const expected = Object.keys(action.inputs).map((name) => [
    toVariable(name),
    `\${{ inputs.${name} }}`,
  ]);
  expect(Object.fromEntries(expected)).toEqual(step?.env);
  const code = programs.join("\n");
  const read = [...code.matchAll(/(?:text|lines)\("([A-Z_]+)"\)/g)].map(([, name]) => name);
  expect(new Set(read)).toEqual(
    new Set(Object.keys(action.inputs).map((name) => toVariable(name).slice("INPUT_".length))),
  );
});

test("every output is written by the program, and nothing else is", () => {
  const written = programs.flatMap((code) =>
    [...code.matchAll(/\boutput\("([a-z-]+)"/g)].map(([, name]) => name),
  );
  expect(new Set(written)).toEqual(new Set(Object.keys(action.outputs)));
  for (const [name, { value }] of Object.entries(action.outputs)) {
    expect(value).toBe(`\${{ steps.run.outputs.${name} }}`);
  }
});

test("no expression stands in a script, where the shell would read what it becomes", () => {
  for (const { run } of action.runs.steps) expect(run).not.toContain("${{");
});

test("the program needs no package", () => {
  const imports = programs.flatMap((code) =>
    [...code.matchAll(/from "([^"]+)"/g)].map(([, name = ""]) => name),
  );
  expect(imports.filter((name) => !/^(?:node:|\.\/)/.test(name))).toEqual([]);
});
