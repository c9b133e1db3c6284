import { expect, test } from "vitest";
import { escapeText, guardLines } from "../../../src/render/escape.ts";
import {
  countOf,
  displayWidth,
  flow,
  formatCount,
  formatDuration,
  padTo,
  spread,
  wrap,
} from "../../../src/render/layout.ts";

test.each([
  ["plain", 5],
  ["é", 1],
  ["e\u0301", 1],
  ["日本", 4],
  ["👩‍👩‍👧", 2],
  ["\u001b[31mred\u001b[39m", 3],
  ["", 0],
])("%j takes %i columns", (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

test("texts are padded and spread by the columns they take", () => {
  expect(padTo("日本", 6)).toBe("日本  ");
  expect(padTo("too long", 3)).toBe("too long");
  expect(spread("left", "right", 12)).toBe("left   right");
  expect(spread("left", "right", 5)).toBe("left  right");
  expect(spread("left", "", 12)).toBe("left");
});

test("texts flow into lines, and long words are cut where they must be", () => {
  expect(flow(["aa", "bb", "cc"], 6)).toEqual(["aa  bb", "cc"]);
  expect(flow([], 6)).toEqual([]);
  expect(wrap("one two three", 8)).toEqual(["one two", "three"]);
  expect(wrap("abcdefghij kl", 4)).toEqual(["abcd", "efgh", "ij", "kl"]);
});

test("counts and spans of time are written for people", () => {
  expect([formatCount(1204), countOf(1, "call"), countOf(2000, "call")]).toEqual([
    "1,204",
    "1 call",
    "2,000 calls",
  ]);
  expect([0, 94, 95, 9_949, 9_950, 89_400, 125_000].map(formatDuration)).toEqual([
    "0 ms",
    "94 ms",
    "0.1 s",
    "9.9 s",
    "10 s",
    "89 s",
    "2 min 5 s",
  ]);
});

test.each([
  ["plain text, tea ☕ and fæm 👩‍👩‍👧", "plain text, tea ☕ and fæm 👩‍👩‍👧"],
  ["a\nb\tc\r", "a\\nb\\tc\\r"],
  ["\u0000\u001b[2J\u007f\u0085", "\\u0000\\u001b[2J\\u007f\\u0085"],
  ["\u202eabc\u2066\u200b\ufeff", "\\u202eabc\\u2066\\u200b\\ufeff"],
  ["\u{e0041}\ud800", "\\u{e0041}\\ud800"],
  ["::error::x", "\\::error::x"],
  [" ::error::x", " \\::error::x"],
  ["a::b", "a::b"],
  ["##[error]x ##vso[a] ## c", "#\\#[error]x #\\#vso[a] ## c"],
])("%j is shown as %s", (text, shown) => {
  expect(escapeText(text)).toBe(shown);
});

test("no line of an output begins like a pipeline command", () => {
  expect(guardLines("a\n  ::b\n::c\n")).toBe("a\n  \\::b\n\\::c\n");
});
