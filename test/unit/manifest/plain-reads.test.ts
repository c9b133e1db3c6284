import { beforeEach, expect, test, vi } from "vitest";
import { parseDocument } from "yaml";
import { toDesired } from "../../../src/manifest/desired.ts";
import { sourceOf } from "../../../src/model/resource.ts";
import { cometchat } from "../../../src/providers/cometchat/index.ts";
import { manifestOf } from "../../support/manifest-text.ts";

vi.mock("yaml", async (load) => {
  const yaml = await load<typeof import("yaml")>();
  return { ...yaml, parseDocument: vi.fn(yaml.parseDocument) };
});

const parse = vi.mocked(parseDocument);
const group = (name: string) =>
  `  ${name}:\n    members:\n      participants:\n        - ann\n        - bob\n`;
const groups = `version: 1\ngroups:\n${group("one")}${group("two")}users:\n  ann: {}\n  bob: {}\n`;

/** What the yaml package was given to read. */
function parsed(): readonly string[] {
  return parse.mock.calls.map(([text]) => text);
}

function graphOf(text: string) {
  const desired = toDesired(manifestOf(text), cometchat.kinds("vendor"));
  if (!desired.ok) {
    throw new Error("not valid");
  }
  return desired.value;
}

beforeEach(() => {
  parse.mockClear();
});

test("memberships are declared without the text being read a second time", () => {
  expect(graphOf(groups).resources.size).toBe(8);
  expect(parsed()).toEqual([]);
});

test("where a membership stands is looked for in the lines of its group, once for all of them", () => {
  const graph = graphOf(groups);
  const found = ["ann", "bob"].map((uid) =>
    sourceOf(graph, graph.resources.get(`membership/two:${uid}`)),
  );
  expect(found).toEqual([
    { file: "m.yaml", line: 11, column: 11, endColumn: 14 },
    { file: "m.yaml", line: 12, column: 11, endColumn: 14 },
  ]);
  expect(parsed()).toEqual([group("two")]);
});

test("what is asked for to and fro is read as often as the text is long, and then whole", () => {
  const graph = graphOf(groups);
  const keys = ["one:ann", "two:ann", "one:bob", "two:bob", "one:ann"];
  const lines = keys.map((key) => sourceOf(graph, graph.resources.get(`membership/${key}`))?.line);
  expect(lines).toEqual([6, 11, 7, 12, 6]);
  expect(parsed()).toEqual([group("one"), group("two"), groups]);
});

test("rows of JSON whose texts look like keys are read once", () => {
  const message = '{"name": "x", "name" : "\\\\"}';
  const row = JSON.stringify({ uid: "ann", statusMessage: message });
  const { sections } = manifestOf("version: 1\nusers:\n  $from: u.ndjson\n", {
    tables: { "u.ndjson": row },
  });
  expect(sections["users"]).toEqual({ ann: { statusMessage: message } });
  expect(parsed()).toEqual([]);
});

test("the limits of a policy are placed by their own lines", () => {
  const policy = "policy:\n  budgets:\n    delete:\n      users: 5\n";
  const { policy: read } = manifestOf(`${groups}${policy}`);
  expect(read.budgets.delete["users"]?.source).toMatchObject({ line: 19, column: 14 });
  expect(parsed()).toEqual(["  budgets:\n    delete:\n      users: 5\n"]);
});
