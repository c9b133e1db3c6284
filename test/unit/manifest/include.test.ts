import { expect, test } from "vitest";
import { manifestOf, problemsOf } from "../../support/manifest-text.ts";

test("what is included is read as if it had been named, and places are found in its own file", () => {
  const text = "version: 1\ninclude: [roles.yaml, users.yaml]\ngroups: {}\n";
  const files = {
    "roles.yaml": "roles:\n  crew: { name: Crew }\n",
    "users.yaml": "include: more.yaml\nusers:\n  ann: { name: Ann, role: crew }\n",
    "more.yaml": "users:\n  bob: { name: Bob }\n",
  };
  const manifest = manifestOf(text, { files });
  expect(manifest.files).toEqual(["m.yaml", "roles.yaml", "users.yaml", "more.yaml"]);
  expect(manifest.sections).toEqual({
    groups: {},
    roles: { crew: { name: "Crew" } },
    users: { ann: { name: "Ann", role: "crew" }, bob: { name: "Bob" } },
  });
  expect(manifest.locate(["users", "bob", "name"])).toMatchObject({ file: "more.yaml", line: 2 });
});

test("manifests that include each other, or what is named as well, are read once", () => {
  const texts = {
    "a.yaml": "version: 1\ninclude: [b.yaml, c.yaml]\nusers: { ann: { name: A } }\n",
    "b.yaml": "include: [a.yaml, c.yaml]\nusers: { bob: { name: B } }\n",
  };
  const files = { ...texts, "c.yaml": "include: [b.yaml, c.yaml]\nusers: { cid: { name: C } }\n" };
  const { sections, files: read } = manifestOf(texts, { files });
  expect(Object.keys(sections["users"] ?? {}).sort()).toEqual(["ann", "bob", "cid"]);
  expect(read).toEqual(["a.yaml", "c.yaml", "b.yaml"]);
});

test("what stands in two files is told with both places", () => {
  const text = "version: 1\ninclude: more.yaml\nusers:\n  ann: { name: A }\n";
  const files = { "more.yaml": "users:\n  ann: { name: B }\n" };
  expect(problemsOf(text, { files })).toEqual([
    'more.yaml:2:3 manifest/duplicate-key: "ann" is given twice (first at m.yaml:4:3)',
  ]);
});

test.each([
  ["include: [gone.yaml]", "1:11 manifest/unreadable-include: gone.yaml does not exist (look)"],
  ["include:\n  - gone.yaml", "2:5 manifest/unreadable-include: gone.yaml does not exist (look)"],
  [
    'include: "${FILE}"',
    "1:10 manifest/unreadable-include: ${FILE} has a variable in it, and paths under include have none (write the path itself; for what differs between environments there are overlays and --env)",
  ],
  [
    'include: ["${UNSET}.yaml"]',
    "1:11 manifest/unreadable-include: ${UNSET}.yaml has a variable in it, and paths under include have none (write the path itself; for what differs between environments there are overlays and --env)",
  ],
  [
    "include: [https://x.example.com/a.yaml]",
    "1:11 manifest/unreadable-include: https://x.example.com/a.yaml is a URL, and only files are included (download it, and include the file)",
  ],
  ["include: {}", "1:1 manifest/wrong-type: include must be a string or a list, not a map"],
  ["include: ['']", "1:11 manifest/too-short: include[0] is empty"],
])("%j is told at its place", (include, problem) => {
  const given = { environment: { FILE: "x.yaml" } };
  expect(problemsOf(`${include}\nversion: 1\n`, given)).toEqual([`m.yaml:${problem}`]);
});

test("what is wrong in an included file is told in the order of the files", () => {
  const text = "version: 1\ninclude: more.yaml\nusers:\n  ann: { nmae: A }\n";
  const files = { "more.yaml": "users:\n  bob: { nmae: B }\nrols: {}\n" };
  expect(problemsOf(text, { files }).map((line) => line.split(" ")[0])).toEqual([
    "m.yaml:4:10",
    "more.yaml:2:10",
    "more.yaml:3:1",
  ]);
});

test("keys are found however they are written", () => {
  const files = { "more.yaml": "users: { ann: { name: A } }" };
  for (const text of [
    '{"version":1,"include":["more.yaml"]}',
    'version: 1\n"incl\\u0075de": more.yaml\n',
    "version: 1\n? include\n: &a [more.yaml]\n",
  ]) {
    expect(manifestOf(text, { files }).files).toEqual(["m.yaml", "more.yaml"]);
  }
});
