import { describe, expect, test } from "vitest";
import { loadText, manifestOf, problemsOf } from "../../support/manifest-text.ts";

describe("keys", () => {
  test("are texts as they were written", () => {
    const { sections } = manifestOf(
      "version: 1\nusers:\n  007: {}\n  yes: {}\n  1e3: {}\n  true: {}\n  'q-1': {}\n  constructor: {}\n",
    );
    expect(Object.keys(sections["users"] ?? {})).toEqual([
      "007",
      "yes",
      "1e3",
      "true",
      "q-1",
      "constructor",
    ]);
  });

  test("cannot be null or something composed", () => {
    expect(problemsOf("version: 1\nusers:\n  ~: {}\n  ? [a]\n  : {}\n  : {}\n")).toEqual([
      "m.yaml:3:3 manifest/bad-key: this cannot be a key (a key is a plain text; write it in quotes if it looks like something else)",
      "m.yaml:4:5 manifest/bad-key: this cannot be a key (a key is a plain text; write it in quotes if it looks like something else)",
      "m.yaml:6:1 manifest/bad-key: this cannot be a key (a key is a plain text; write it in quotes if it looks like something else)",
    ]);
  });

  test("are given once in a map, also where they look different", () => {
    expect(problemsOf("version: 1\nusers:\n  bob: {}\n  'bob': {}\nusers: {}\n")).toEqual([
      `m.yaml:4:3 manifest/duplicate-key: "bob" is given twice (first at m.yaml:3:3)`,
      `m.yaml:5:1 manifest/duplicate-key: "users" is given twice (first at m.yaml:2:1)`,
    ]);
  });

  test("that would change what programs read are refused", () => {
    expect(
      problemsOf(
        "version: 1\nusers:\n  __proto__: {}\n  a: { metadata: { $secret: x, __proto__: 1 } }\n",
      ),
    ).toEqual([
      'm.yaml:3:3 manifest/reserved: the key "__proto__" is reserved',
      'm.yaml:4:20 manifest/reserved: the key "$secret" is reserved',
      'm.yaml:4:32 manifest/reserved: the key "__proto__" is reserved',
    ]);
  });
});

describe("aliases", () => {
  test("stand for what they name, and merge keys for its entries", () => {
    const { sections, locate } = manifestOf(`version: 1
users:
  alice: &person
    role: &role staff
    metadata: &seat { floor: 1, seat: 4 }
  bob:
    <<: *person
    metadata: { <<: *seat, seat: 5 }
  carol: { <<: [{ role: lead }, *person], name: Carol }
  dave: { role: *role }
`);
    expect(sections["users"]).toEqual({
      alice: { role: "staff", metadata: { floor: 1, seat: 4 } },
      bob: { role: "staff", metadata: { floor: 1, seat: 5 } },
      carol: { role: "lead", name: "Carol", metadata: { floor: 1, seat: 4 } },
      dave: { role: "staff" },
    });
    expect(locate(["users", "bob", "role"])).toMatchObject({ line: 4, column: 17 });
    expect(locate(["users", "carol", "role"])).toMatchObject({ line: 9, column: 25 });
    expect(locate(["users", "dave", "role"])).toMatchObject({ line: 10, column: 17 });
    expect(locate(["users", "bob", "metadata", "floor"])).toMatchObject({ line: 5, column: 30 });
  });

  test("mean the nearest anchor before them", () => {
    const { sections } = manifestOf(
      "version: 1\nusers:\n  a: { name: &n A }\n  b: { name: *n }\n  c: { name: &n C }\n  d: { name: *n }\n",
    );
    expect(sections["users"]).toEqual({
      a: { name: "A" },
      b: { name: "A" },
      c: { name: "C" },
      d: { name: "C" },
    });
  });

  test("of what is wrong are told once", () => {
    expect(
      problemsOf(
        "version: 1\nusers:\n  a: &a { nmae: A, link: '${NO}' }\n  b: *a\n  c: { <<: *a }\n",
      ),
    ).toEqual([
      'm.yaml:3:11 manifest/unknown-attribute: unknown attribute "nmae" (did you mean "name"?)',
      "m.yaml:3:27 manifest/unset-variable: variable NO is not set (--var NO=… or export NO)",
    ]);
  });

  test("need an anchor before them, and not around them", () => {
    expect(
      problemsOf(
        "version: 1\nusers:\n  a: *nobody\n  b: &b { metadata: { me: *b } }\n  c: &c { <<: *c }\n",
      ),
    ).toEqual([
      "m.yaml:3:6 manifest/unknown-anchor: there is no anchor for this alias before it (a text that begins with * has to be in quotes)",
      "m.yaml:4:27 manifest/alias-cycle: this alias stands inside the value it repeats",
      'm.yaml:5:11 manifest/bad-merge: "<<" merges maps only (give it an alias of a map, or a list of them)',
      "m.yaml:5:15 manifest/alias-cycle: this alias stands inside the value it repeats",
    ]);
  });

  test("that repeat without end are refused at once", () => {
    const levels = [..."bcdefghij"].map(
      (name, index) =>
        `      ${name}: &${name} [${Array(9).fill(`*${"abcdefghi"[index]}`).join(", ")}]\n`,
    );
    const text = `version: 1\nroles:\n  r:\n    metadata:\n      a: &a [x, x, x, x, x, x, x, x, x]\n${levels.join("")}`;
    expect(problemsOf(text)).toEqual([
      "m.yaml:11:14 manifest/too-many-aliases: the aliases up to here repeat more than a million values (write the values out, or repeat smaller ones)",
    ]);
  });

  test("may be used as often as there are entries", () => {
    const users = Array.from({ length: 5_000 }, (_, index) => `  u${index}: *u\n`).join("");
    const { sections } = manifestOf(`version: 1\nusers:\n  u: &u { name: U }\n${users}`);
    expect(sections["users"]?.["u4999"]).toEqual({ name: "U" });
  });
});

describe("numbers", () => {
  test("that JSON keeps exactly are kept", () => {
    const { sections } = manifestOf(
      "version: 1\nusers: { a: { metadata: { i: 9007199254740991, f: 0.1, h: 0x1F, n: -3, e: 1e300 } } }",
    );
    expect(sections["users"]?.["a"]).toEqual({
      metadata: { i: 9007199254740991, f: 0.1, h: 31, n: -3, e: 1e300 },
    });
  });

  test.each(["12345678901234567890", ".inf", "-.inf", ".nan", "1e999"])(
    "%s is refused",
    (number) => {
      expect(problemsOf(`version: 1\nusers: { a: { metadata: { n: ${number} } } }`)).toEqual([
        "m.yaml:2:30 manifest/inexact-number: this number cannot be kept exactly (write it in quotes if it is an id, a phone number or the like)",
      ]);
    },
  );
});

test("tags of YAML's own are understood, others are not", () => {
  expect(manifestOf("version: 1\nusers: { a: { name: !!str 5 } }").sections["users"]).toEqual({
    a: { name: "5" },
  });
  for (const tag of ["!!binary aGk=", "!!timestamp 2026-01-01", "!!set {a, b}", "!mine x"]) {
    expect(loadText(`version: 1\nusers: { a: { name: ${tag} } }`).ok).toBe(false);
  }
});
