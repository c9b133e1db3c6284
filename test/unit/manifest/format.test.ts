import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { formatManifest } from "../../../src/manifest/format.ts";
import { cometchat } from "../../../src/providers/cometchat/index.ts";

const root = join(import.meta.dirname, "../../..");

/** The formatted text, or the codes of what is wrong. */
function format(text: string): string | readonly string[] {
  const result = formatManifest({ file: "m.yaml", text }, cometchat.schema);
  return result.ok ? result.value : result.diagnostics.map(({ code }) => code);
}

test("sections and attributes come in the schema's order, entries in their own, and comments go with them", () => {
  const text = `# About the file.

# Our people.
users:
    # She leads.
    zoe: {role: 'lead', name: "Zoe"}   # since May
    ann:

        role: lead # not yet
                   # and maybe never
        # What people see.
        name: 'Ann: A'
        # Nothing more.
    # That is all.


stack:   acme
version: 1
unknown: x
`;
  expect(format(text)).toBe(`# About the file.

version: 1
stack: acme

# Our people.
users:
  # She leads.
  zoe: { name: Zoe, role: lead } # since May
  ann:
    # What people see.
    name: "Ann: A"
    role: lead # not yet
               # and maybe never
    # Nothing more.
  # That is all.

unknown: x
`);
});

test("what stands within brackets in several lines is written in lines, with its comments", () => {
  expect(
    format(`version: 1
groups: { # all of them
  lobby: { tags: [a, # first
    "b" ], name: Lobby }, # open
  # closed
  den: {}
} # end
`),
  ).toBe(`version: 1

groups: # end
  # all of them
  lobby: # open
    name: Lobby
    tags:
      - a # first
      - b
  # closed
  den: {}
`);
});

test("texts of several lines keep their lines", () => {
  const text = `version: 1

users:
  ann:
    name: >-
      Ann

      of  old
    link: "https://x.example/
      and on"
    statusMessage: |+
      keep

`;
  expect(format(text)).toBe(text);
});

test("quotes stay where a text would mean something else without", () => {
  const text = (values: readonly string[]) =>
    `version: 1\n\nusers:\n  ann:\n    tags:\n${values.map((value) => `      - ${value}\n`).join("")}`;
  const kept = ['"007"', '"yes"', '"null"', '"a: b"', '"a #b"', '"${A}"', '" a"', '""', '"12:30"'];
  expect(format(text(kept))).toBe(text(kept));
  expect(format(text(["'a b'", '"https://x.example/?a=b#c"', "'it''s'", `'say "x"'`]))).toBe(
    text(["a b", "https://x.example/?a=b#c", "it's", `'say "x"'`]),
  );
});

describe("an anchor stands before what repeats it", () => {
  test("where the order would change that, a map keeps its own", () => {
    const text = `users:
  ann:
    role: &r lead
    name: *r
version: 1
`;
    expect(format(text)).toBe(`version: 1

users:
  ann:
    role: &r lead
    name: *r
`);
  });

  test("a name that is given twice means in each place what it meant", () => {
    const text = `version: 1

roles:
  a:
    settings: &s { listUsers: all }
    metadata: &s { x: 1 }

users:
  ann:
    metadata: *s
`;
    expect(format(text)).toBe(text);
  });

  test("a merge comes first", () => {
    const text = `version: 1\nusers:\n  ann: &a { name: A }\n  bob:\n    role: x\n    <<: *a\n`;
    expect(format(text)).toContain("  bob:\n    <<: *a\n    role: x\n");
  });
});

test("an environment is ordered like a manifest, and comes last", () => {
  const text = "environments:\n  staging:\n    users: {}\n    stack: x\nusers: {}\nversion: 1\n";
  expect(format(text)).toBe(
    "version: 1\nusers: {}\n\nenvironments:\n  staging:\n    stack: x\n    users: {}\n",
  );
});

test("line ends stay, a byte order mark goes, a last line is ended", () => {
  expect(format("\uFEFFstack: a\r\nversion: 1")).toBe("version: 1\r\nstack: a\r\n");
});

test("JSON stays as it is", () => {
  const text = '{"users": {}, "version": 1}';
  expect(format(text)).toBe(text);
});

test("what is no manifest is refused", () => {
  expect(format("a: [")).toEqual(["manifest/syntax"]);
  expect(format("version: 1\nversion: 1\n")).toEqual(["manifest/duplicate-key"]);
  expect(format("services: {}\n")).toEqual(["manifest/not-a-manifest"]);
  expect(format("")).toEqual(["manifest/empty"]);
});

test.each([
  "examples/cometchat.yaml",
  "examples/cometchat-next.yaml",
  "examples/seed/cometform.yaml",
])("%s is in canonical form", (file) => {
  const text = readFileSync(join(root, file), "utf8");
  expect(format(text)).toBe(text);
});
