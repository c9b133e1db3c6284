import { describe, expect, test } from "vitest";
import { manifestOf, problemsOf } from "../../support/manifest-text.ts";

function sectionsOf(generators: string, rest = ""): unknown {
  return manifestOf(`version: 1\n${rest}generate:\n${generators}`).sections;
}

describe("a generator", () => {
  test("makes as many entries as it says, numbered in every text", () => {
    const generator =
      '  - { kind: users, count: 3, from: 9, id: "load-{n:03}", name: "Load {n} of {{n}}", metadata: { at: "{n}", fixed: 1 } }\n';
    const user = (n: number) => ({ name: `Load ${n} of {n}`, metadata: { at: `${n}`, fixed: 1 } });
    expect(sectionsOf(generator)).toEqual({
      users: { "load-009": user(9), "load-010": user(10), "load-011": user(11) },
    });
  });

  test("picks one after the other, and deals ids out like cards", () => {
    const generators = `  - { kind: users, count: 5, id: "u{n}", role: { $pick: [a, b] }, tags: { $pick: [[x], ["t{n}"], []] } }
  - { kind: groups, count: 2, id: "g{n}", name: "G", type: public, members: { participants: { $deal: "u{n}", count: 5 } } }
`;
    expect(sectionsOf(generators, "roles: { a: {}, b: {} }\n")).toEqual({
      roles: { a: {}, b: {} },
      users: {
        u1: { role: "a", tags: ["x"] },
        u2: { role: "b", tags: ["t2"] },
        u3: { role: "a", tags: [] },
        u4: { role: "b", tags: ["x"] },
        u5: { role: "a", tags: ["t5"] },
      },
      groups: {
        g1: { name: "G", type: "public", members: { participants: ["u1", "u3", "u5"] } },
        g2: { name: "G", type: "public", members: { participants: ["u2", "u4"] } },
      },
    });
  });

  test("takes its numbers from variables, and another list in another environment", () => {
    const text =
      "version: 1\nvariables: { N: { type: number, default: 2 } }\nenvironments: { s: { generate: [{ kind: roles, count: 1, id: r }] } }\ngenerate:\n  - kind: users\n    count: ${N}\n    id: u{n}\n";
    expect(Object.keys(manifestOf(text).sections["users"] ?? {})).toEqual(["u1", "u2"]);
    expect(manifestOf(text, { env: "s" }).sections).toEqual({ roles: { r: {} } });
    expect(manifestOf(text, { env: "s" }).locate(["roles", "r"])).toMatchObject({ line: 3 });
  });

  test("stands beside entries and tables, whose places stay their own", () => {
    const text =
      "version: 1\nusers: { ann: { name: A }, $from: u.csv }\ngenerate:\n  - kind: users\n    count: 2\n    id: u{n}\n    name: U\n";
    const manifest = manifestOf(text, { tables: { "u.csv": "uid,name\nbob,B\n" } });
    expect(Object.keys(manifest.sections["users"] ?? {})).toEqual(["ann", "bob", "u1", "u2"]);
    expect(manifest.locate(["users", "u2"])).toMatchObject({ file: "m.yaml", line: 6 });
    expect(manifest.locate(["users", "u2", "name"])).toMatchObject({ file: "m.yaml", line: 7 });
    expect(manifest.locate(["users", "bob"])).toMatchObject({ file: "u.csv", line: 2 });
  });

  test("can be changed by an overlay, entry by entry", () => {
    const text =
      'version: 1\nenvironments: { s: { users: { u1: { name: One }, u2: null } } }\ngenerate: [{ kind: users, count: 3, id: "u{n}", name: U }]\n';
    expect(manifestOf(text, { env: "s" }).sections["users"]).toEqual({
      u1: { name: "One" },
      u3: { name: "U" },
    });
  });
});

describe("a generator is wrong where", () => {
  test.each([
    [
      "kind: user, count: 1, id: a",
      '3:13 manifest/invalid-value: kind must be roles, users, groups or webhooks (did you mean "users"?)',
    ],
    [
      "kind: users, count: 0, id: a",
      "3:27 manifest/invalid-value: count must be a whole number from 1 to 100,000",
    ],
    [
      "kind: users, count: 100001, id: a",
      "3:27 manifest/invalid-value: count must be a whole number from 1 to 100,000",
    ],
    [
      "kind: users, count: 1.5, id: a",
      "3:27 manifest/invalid-value: count must be a whole number from 1 to 100,000",
    ],
    [
      "kind: users, count: many, id: a",
      "3:27 manifest/invalid-value: count must be a whole number from 1 to 100,000",
    ],
    [
      "kind: users, count: 1, from: -1, id: a",
      "3:36 manifest/invalid-value: from must be a whole number from 0 to 1,000,000,000",
    ],
    ["kind: users, id: a", "3:5 manifest/missing-attribute: generate[0] has no count (add count)"],
    [
      "kind: users, count: 2, id: a",
      '3:34 manifest/bad-pattern: 2 entries would have the same id (write the number of the entry into it: "a-{n}")',
    ],
    [
      'kind: users, count: 2, id: "a{{n}}"',
      '3:34 manifest/bad-pattern: 2 entries would have the same id (write the number of the entry into it: "a{{n}}-{n}")',
    ],
    [
      'kind: users, count: 2, id: "a{n:4}"',
      "3:34 manifest/bad-pattern: this is no number of an entry (write {n} or, with zeros before it, {n:04})",
    ],
    [
      "kind: users, count: 1, id: __proto__",
      '3:34 manifest/bad-pattern: the id "__proto__" is reserved (choose another)',
    ],
    [
      "kind: users, count: 1, id: a, role: { $pick: [] }",
      "3:45 manifest/bad-pattern: there is nothing to pick from (write a list: {$pick: [one, other]})",
    ],
    [
      "kind: users, count: 1, id: a, $from: x.csv",
      '3:44 manifest/bad-pattern: "$from" cannot stand in a generator (name tables where the entries stand)',
    ],
    [
      "kind: groups, count: 1, id: a, members: { admins: { $deal: u } }",
      '3:49 manifest/bad-pattern: this says not how many of which ids are dealt out (write {$deal: "user-{n}", count: 100}; count is at most 100,000)',
    ],
    [
      "kind: users, count: 1, id: a, role: { $pick: [a], other: b }",
      '3:64 manifest/bad-pattern: "other" cannot stand beside "$pick" ($pick takes the place of a whole value)',
    ],
    [
      "kind: groups, count: 2, id: 'a{n}', members: { admins: { $deal: u, count: 2 } }",
      '3:71 manifest/bad-pattern: 2 ids that are dealt out would be the same (write the number of the id into it: "u-{n}")',
    ],
    [
      "kind: users, count: 1, id: 'a b'",
      '3:30 manifest/bad-id: "a b" cannot be an id (ids have letters, digits, "-" and "_" only)',
    ],
    [
      "kind: groups, count: 1, id: a, password: word",
      "3:48 manifest/literal-secret: password must be a variable and nothing else (write password: ${NAME})",
    ],
    [
      "kind: users, count: 1, id: a, nmae: x",
      '3:37 manifest/unknown-attribute: unknown attribute "nmae" (did you mean "name"?)',
    ],
  ])("%s", (generator, problem) => {
    expect(problemsOf(`version: 1\ngenerate:\n  - { ${generator} }\n`)).toEqual([
      `m.yaml:${problem}`,
    ]);
  });

  test("its entries are wrong: each mistake is told once, where it is made", () => {
    const text = `version: 1\ngenerate:\n  - { kind: users, count: 200, id: "u{n}", nmae: x, avatar: "${"{n}"}" }\n`;
    expect(problemsOf(text)).toEqual([
      'm.yaml:3:44 manifest/unknown-attribute: unknown attribute "nmae" (did you mean "name"?)',
      "m.yaml:3:61 manifest/invalid-value: avatar must be a URL that begins with https:// or http://",
    ]);
  });

  test("it makes what is there already: both places are told, of many only some", () => {
    const text =
      'version: 1\nusers:\n  u1: {}\ngenerate:\n  - { kind: users, count: 50, id: "u{n}" }\n  - { kind: users, count: 50, id: "u{n}" }\n';
    const problems = problemsOf(text);
    expect(problems[0]).toBe(
      'm.yaml:5:31 manifest/duplicate-key: "u1" is given twice (first at m.yaml:3:3)',
    );
    expect(problems[1]).toBe(
      'm.yaml:6:31 manifest/duplicate-key: "u1" is given twice (first at m.yaml:3:3)',
    );
    expect(problems).toHaveLength(21);
  });
});
