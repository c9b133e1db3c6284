import { expect, test } from "vitest";
import { printManifest } from "../../../src/manifest/print.ts";
import { manifestOf } from "../../support/manifest-text.ts";

test("a manifest is printed for people", () => {
  expect(
    printManifest({
      version: 1,
      stack: "acme",
      provider: { name: "cometchat", appId: "2634f0" },
      roles: {},
      users: {
        "007": { name: "James", tags: ["a"], metadata: { n: 7, s: "7", x: null } },
        alice: { name: "It costs ${NOTHING}", statusMessage: "yes" },
      },
    }),
  ).toBe(`# yaml-language-server: $schema=https://unpkg.com/cometform/schemas/manifest.schema.json
version: 1
stack: acme

provider:
  name: cometchat
  appId: 2634f0

roles: {}

users:
  "007":
    name: James
    tags:
      - a
    metadata:
      n: 7
      s: "7"
      x: null
  alice:
    name: It costs $\${NOTHING}
    statusMessage: yes
`);
});

test("values that YAML could take for something else come back as they are", () => {
  const values = [
    "true",
    "null",
    "1e3",
    "0x10",
    "- a",
    "a: b",
    "# no",
    " padded ",
    "two\nlines\n",
    "\ttab",
    "\r\n",
    "\u0000\u001b\u007f\u0085\u009f",
    "\ufffd",
    "\u2028",
    "${A}$${B}$$${C}",
    "*alias",
    "&anchor",
    "!tag",
    "{",
    "@x",
    "`",
    "'\"\\",
    "x".repeat(300),
    "ü 🚲",
    "",
  ];
  const metadata = Object.fromEntries(values.map((value, index) => [`k${index}`, value]));
  const users = { a: { metadata: { ...metadata, list: values, "<<": "<<" } } };
  expect(manifestOf(printManifest({ version: 1, users })).sections).toEqual({ users });
});
