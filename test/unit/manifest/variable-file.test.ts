import { expect, test } from "vitest";
import { parseVariables } from "../../../src/manifest/load.ts";
import { listProblems } from "../../support/manifest-text.ts";

function read(text: string): { readonly [name: string]: string } {
  const result = parseVariables("vars", text);
  if (!result.ok) {
    throw new Error(listProblems(result.diagnostics).join("\n"));
  }
  return Object.fromEntries(result.value);
}

test("lines of NAME=VALUE", () => {
  const text = `# for staging
NAME=Acme
  export PASSWORD = not this one
`;
  expect(() => read(text)).toThrow("vars:3:1 manifest/variable-file: this line is not NAME=VALUE");
  expect(
    read(`\uFEFF# for staging\r
NAME=Acme Bikes\r
export QUOTED="a = b"
SINGLE='it # stays'

EMPTY=
URL=https://x/?a=b
UNEVEN="x
`),
  ).toEqual({
    NAME: "Acme Bikes",
    QUOTED: "a = b",
    SINGLE: "it # stays",
    EMPTY: "",
    URL: "https://x/?a=b",
    UNEVEN: '"x',
  });
});

test("a YAML map, with values as they are written", () => {
  expect(read("NAME: Acme\nPORT: 0080\nON: yes\nFLAG: true\nNONE:\nNIL: ~\nQ: '5'\n")).toEqual({
    NAME: "Acme",
    PORT: "0080",
    ON: "yes",
    FLAG: "true",
    NONE: "",
    NIL: "",
    Q: "5",
  });
  expect(read('{"A": "b"}')).toEqual({ A: "b" });
});

test("nothing at all", () => {
  expect(read("")).toEqual({});
  expect(read("# only a comment\n")).toEqual({});
});

test("what is wrong is told without the values", () => {
  const problems = (text: string): readonly string[] =>
    listProblems(parseVariables("vars", text).diagnostics);
  const hint = "(write NAME=VALUE lines or a YAML map of names to values)";
  expect(problems("A=1\ns3cret\nB=2\n")).toEqual([
    "vars:2:1 manifest/variable-file: this line is not NAME=VALUE",
  ]);
  expect(problems("a-b: s3cret\nC: [s3cret]\n1: x\n? [D]\n: s3cret\n")).toEqual([
    `vars:1:1 manifest/variable-file: a variable's name has letters, digits and _ only ${hint}`,
    `vars:2:1 manifest/variable-file: C must be one value, not a map or a list ${hint}`,
    `vars:3:1 manifest/variable-file: a variable's name has letters, digits and _ only ${hint}`,
    `vars:4:3 manifest/variable-file: a variable's name has letters, digits and _ only ${hint}`,
  ]);
  expect(problems("- s3cret\n")).toEqual([
    `vars:1:1 manifest/variable-file: this is not a list of variables ${hint}`,
  ]);
  expect(problems("A: @s3cret\n")).toEqual([
    `vars:1:4 manifest/variable-file: this is not valid YAML ${hint}`,
  ]);
  expect(problems("A: 'open\n")).toEqual([
    `vars:2:1 manifest/variable-file: this is not valid YAML ${hint}`,
  ]);
  expect(problems("A: 1\nA: 2\n")).toHaveLength(1);
});
