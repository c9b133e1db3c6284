import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { root } from "../../support/cli.ts";
import { type GitlabJob, gitlabTemplate } from "../../support/gitlab.ts";

const { inputs, jobs } = gitlabTemplate;
const text = readFileSync(join(root, "integrations/gitlab/cometform.gitlab-ci.yml"), "utf8");

/** The keywords of a job that the template uses (documented in GitLab's reference of `.gitlab-ci.yml`). */
const keywords = new Set([
  ...["stage", "image", "variables", "before_script", "extends", "script", "artifacts", "rules"],
  ...["needs", "resource_group", "cache"],
]);

const visible = (): readonly (readonly [string, GitlabJob])[] =>
  Object.entries(jobs).filter(([name]) => !name.startsWith("."));

test("the template is a header and jobs, without a mistake in its YAML", () => {
  const documents = parseAllDocuments(text);
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  expect(documents).toHaveLength(2);
  for (const input of Object.values(inputs)) {
    expect(Object.keys(input).sort()).toEqual(["default", "description"]);
  }
  for (const [, job] of Object.entries(jobs)) {
    expect(Object.keys(job).filter((key) => !keywords.has(key))).toEqual([]);
  }
});

test("every input is used, and nothing else is filled in", () => {
  const used = [...text.matchAll(/\$\[\[ inputs\.([a-z-]+) \]\]/g)].map(([, name]) => name);
  expect(new Set(used)).toEqual(new Set(Object.keys(inputs)));
  expect(text.split("$[[").length - 1).toBe(used.length);
});

test("no input stands in a script, where the shell would read what it becomes", () => {
  for (const [, job] of Object.entries(jobs)) {
    const scripts = [...(job.before_script ?? []), ...(job.script ?? [])];
    for (const script of scripts) expect(script).not.toContain("$[[");
  }
});

test("it builds the tag that it comes with, and takes nothing from the registry unless told to", () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(inputs["ref"]?.default).toBe(`v${version}`);
  expect(inputs["version"]?.default).toBe("");
});

test("drift is given no flags that only plan and apply have", () => {
  const scripts = Object.fromEntries(visible().map(([name, { script = [] }]) => [name, script[0]]));
  for (const name of ["cometform plan", "cometform apply"]) {
    expect(scripts[name]).toContain("$COMETFORM_ARGS $COMETFORM_PLAN_ARGS $COMETFORM_FILES");
    expect(scripts[name]).toContain("--policy");
  }
  expect(scripts["cometform drift"]).toContain("$COMETFORM_ARGS $COMETFORM_DRIFT_ARGS ");
  expect(scripts["cometform drift"]).not.toMatch(/--policy|PLAN_ARGS/);
});

test("a merge request is planned, the default branch is applied by hand, and a schedule looks for drift", () => {
  const ran = (variables: { readonly [name: string]: string }): readonly string[] =>
    visible().flatMap(([name, job]) => {
      const rule = job.rules?.find((one) => isTrue(one.if, variables));
      return rule === undefined ? [] : [`${name}${rule.when === undefined ? "" : ` ${rule.when}`}`];
    });
  const branch = { CI_DEFAULT_BRANCH: "main", CI_COMMIT_BRANCH: "main" };
  expect(ran({ CI_DEFAULT_BRANCH: "main", CI_PIPELINE_SOURCE: "merge_request_event" })).toEqual([
    "cometform plan",
  ]);
  expect(ran({ ...branch, CI_PIPELINE_SOURCE: "push" })).toEqual([
    "cometform plan",
    "cometform apply manual",
  ]);
  expect(ran({ ...branch, CI_PIPELINE_SOURCE: "schedule" })).toEqual(["cometform drift"]);
  expect(ran({ ...branch, CI_COMMIT_BRANCH: "topic", CI_PIPELINE_SOURCE: "push" })).toEqual([]);
});

test("what a job hands on is a file at the root of the project, where the job writes it", () => {
  const reports = readFileSync(join(root, "integrations/gitlab/reports.mjs"), "utf8");
  const handed = visible().flatMap(([name, { artifacts, script = [] }]) =>
    [...(artifacts?.paths ?? []), ...Object.values(artifacts?.reports ?? {})].map((path) => ({
      ...{ name, path },
      isWritten: new RegExp(`(?:root|CI_PROJECT_DIR)/${path}"`).test(script.join()),
      isReport: reports.includes(`write("${path}"`),
    })),
  );
  expect(handed.length).toBe(6);
  expect(handed.filter(({ path }) => !/^[a-z-]+\.(?:json|html|md)$/.test(path))).toEqual([]);
  expect(handed.filter((one) => !one.isWritten && !one.isReport)).toEqual([]);
});

/** Reads a rule as GitLab does, as far as these go: comparisons joined by `&&`. */
function isTrue(rule: string, variables: { readonly [name: string]: string }): boolean {
  return rule.split(" && ").every((part) => {
    const [, name = "", sign, value = ""] = /^\$(\w+) (==|!=) (?:"(.*)"|.*)$/.exec(part) ?? [];
    const [, other] = /\$(\w+)$/.exec(part) ?? [];
    const right = other === undefined ? value : variables[other];
    return sign === "==" ? variables[name] === right : variables[name] !== right;
  });
}
