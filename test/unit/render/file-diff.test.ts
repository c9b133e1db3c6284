import { expect, test } from "vitest";
import { renderFileDiff } from "../../../src/render/file-diff.ts";
import { plainPaint } from "../../../src/render/paint.ts";

function diffOf(secret: string, declaration: (secret: string) => string): string {
  const text = `variables:\n${declaration(secret)}\nstack: acme\n`;
  return renderFileDiff("m.yaml", { before: text, after: `${text}version: 1\n` }, plainPaint);
}

test.each([
  ["a flow map", (it: string) => `  PW: {sensitive: true, default: ${it}}`],
  ["the default first", (it: string) => `  PW: {default: ${it}, sensitive: true}`],
  ["a block map", (it: string) => `  PW:\n    default: ${it}\n    sensitive: true`],
  ["quotes", (it: string) => `  PW: {"sensitive": true, "default": "${it}"}`],
  ["what may be sensitive", (it: string) => `  PW: {default: ${it}, sensitive: "yes"}`],
  ["an explicit key", (it: string) => `  PW:\n    ? sensitive\n    : true\n    default: ${it}`],
  ["a key without a value", (it: string) => `  PW: {sensitive, default: ${it}}`],
  ["a key with escapes", (it: string) => `  PW: {"\\x73ensitive": true, default: ${it}}`],
  ["a list", (it: string) => `  PW: {sensitive: true, enum: [${it}, other]}`],
  ["a list in lines", (it: string) => `  PW:\n    sensitive: true\n    enum:\n    - ${it}`],
])(
  "what a sensitive variable may be is shown neither in clear nor by its length: %s",
  (_, declaration) => {
    const shown = diffOf("hunter2", declaration);
    expect(shown).not.toContain("hunter2");
    expect(shown).toContain("***");
    expect(shown).not.toMatch(/\uE000/);
    expect(diffOf("correct-horse-battery", declaration)).toBe(shown);
  },
);

test("a password is shown as three stars, however long it is", () => {
  const passwordOf = (secret: string) => diffOf(secret, (it) => `password: ${it}`);
  expect(passwordOf("abc")).toContain("password: ***\n");
  expect(passwordOf("abcdefghij")).toBe(passwordOf("abc"));
});

test("a default is shown where nothing is sensitive", () => {
  const shown = diffOf("hunter2", (it) => `  PW: {sensitive: false, default: ${it}}`);
  expect(shown).toContain("default: hunter2}");
});
