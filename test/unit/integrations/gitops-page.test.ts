import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { root } from "../../support/cli.ts";
import { gitlabTemplate } from "../../support/gitlab.ts";

const read = (file: string): string => readFileSync(join(root, file), "utf8");
const page = read("docs/gitops.md");
const action: {
  readonly inputs: { readonly [name: string]: { readonly default: string } };
  readonly outputs: { readonly [name: string]: unknown };
} = parse(read("action.yml"));
const { version } = JSON.parse(read("package.json"));

const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`\`\`\`yaml ${language}\n([\\s\\S]*?)\`\`\``, "g"))].map(
    ([, text = ""]) => text,
  );

interface Workflow {
  readonly jobs: {
    readonly [name: string]: {
      readonly permissions: { readonly [scope: string]: string };
      readonly steps: readonly {
        readonly uses?: string;
        readonly with?: { readonly [input: string]: string };
      }[];
    };
  };
}

test("the page's workflows give the action inputs that it has, and the rights that it needs", () => {
  const needed: { readonly [mode: string]: string } = {
    ...{ plan: "pull-requests: write", apply: "pull-requests: read", drift: "issues: write" },
  };
  const workflows: readonly Workflow[] = blocks("github").map((text) => parse(text));
  expect(workflows).toHaveLength(2);
  for (const { permissions, steps } of workflows.flatMap(({ jobs }) => Object.values(jobs))) {
    const [step] = steps.filter(({ uses }) => uses?.startsWith("OWNER/"));
    expect(step?.uses).toBe(`OWNER/cometform@v${version}`);
    const inputs = step?.with ?? {};
    expect(Object.keys(inputs).filter((name) => action.inputs[name] === undefined)).toEqual([]);
    const rights = Object.entries(permissions).map((pair) => pair.join(": "));
    expect(rights).toEqual(["contents: read", needed[inputs["mode"] ?? "plan"]]);
  }
});

test("the page lists every input with its default, and every output", () => {
  const inputs = new Map(rowsBelow("| input |").map(([name = "", value = ""]) => [name, value]));
  // What the action makes up by itself stands there in words.
  const inWords: { readonly [name: string]: string } = { "github-token": "the job's" };
  const expected = Object.entries(action.inputs).map(([name, { default: value }]) => [
    name,
    inWords[name] ?? value,
  ]);
  expect(Object.fromEntries(inputs)).toEqual(Object.fromEntries(expected));
  const outputs = rowsBelow("| output |").flatMap(([names = ""]) => names.split(", "));
  expect(outputs.sort()).toEqual(Object.keys(action.outputs).sort());
});

/** The cells of a table's rows, without the marks of code. */
function rowsBelow(head: string): readonly (readonly string[])[] {
  const [, table = ""] = page.split(`\n${head}`);
  const [text = ""] = table.split("\n\n");
  const rows = text.split("\n").slice(2);
  return rows.map((row) =>
    row
      .slice(1)
      .split("|")
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

test("the page's pipeline for GitLab gives the template inputs that it has", () => {
  const [text = ""] = blocks("gitlab");
  const { include } = parse(text);
  expect(include).toHaveLength(1);
  expect(existsSync(join(root, include[0].file))).toBe(true);
  const { project, ref, inputs } = include[0];
  expect(ref).toBe(`v${version}`);
  expect({ project: inputs.project, ref: inputs.ref }).toEqual({ project, ref });
  const names = Object.keys(include[0].inputs);
  expect(names.filter((name) => gitlabTemplate.inputs[name] === undefined)).toEqual([]);
});

test("the page's hooks for pre-commit are hooks that there are", () => {
  const [text = ""] = blocks("pre-commit");
  const hooks: readonly { readonly id: string }[] = parse(read(".pre-commit-hooks.yaml"));
  const used: readonly { readonly id: string }[] = parse(text).repos[0].hooks;
  expect(used.map(({ id }) => id)).toEqual(hooks.map(({ id }) => id));
  expect(parse(text).repos[0].rev).toBe(`v${version}`);
});

test("the page's image is built with arguments that the Dockerfile has", () => {
  const given = [...page.matchAll(/--build-arg (\w+)=/g)].map(([, name]) => name);
  const known = [...read("Dockerfile").matchAll(/^ARG (\w+)/gm)].map(([, name]) => name);
  expect(given).toEqual(known);
});
