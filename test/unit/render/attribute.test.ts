import { expect, test } from "vitest";
import type { Json } from "../../../src/model/json.ts";
import type { Action } from "../../../src/model/plan.ts";
import { attributeLines } from "../../../src/render/attribute.ts";
import { plainPaint } from "../../../src/render/paint.ts";

function show(before: Json, after: Json, action: Action = "update", width = 50): string {
  const frame = { width, paint: plainPaint };
  return attributeLines({ path: "description", before, after }, action, frame).join("\n");
}

const words = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `w${from + index}`).join(" ");

test.each<[string, Json, Json, string]>([
  ["numbers", 4, 7, "4 → 7"],
  ["texts that look like other types", "true", "null", '"true" → "null"'],
  ["lists of other things", [1, 2], [1, 3], "[1,2] → [1,3]"],
  ["a list that was empty", [], ["a"], "+ a"],
  ["a list where there was none", null, ["a"], '(none) → ["a"]'],
  ["a secret that is written again", { $secret: "a#b" }, { $secret: "a#b" }, "(secret), written"],
  ["a secret that is cleared", { $secret: "a#b" }, null, "(secret) → (none)"],
])("%s", (_, before, after, shown) => {
  expect(show(before, after)).toBe(shown);
});

test("a pair that does not fit on one line takes two", () => {
  const before = "https://assets.example/people/alice.png";
  expect(show(before, "https://assets.example/people/liddell.png")).toBe(
    "− https://assets.example/people/alice.png\n+ https://assets.example/people/liddell.png",
  );
  expect(show({ $secret: "a#b" }, words(0, 30))).toMatch(/^− \(secret\)\n\+ "w0 w1/);
});

test("of long texts only the surroundings of a change are shown", () => {
  const before = words(0, 60);
  const after = before.replace("w20 ", "new ").replace("w40 ", "newer ");
  expect(show(before, after)).toBe(
    [
      "− … w16 w17 w18 w19 w20 w21 w22 w23 w24 … w36 w37",
      "  w38 w39 w40 w41 w42 w43 w44 …",
      "+ … w16 w17 w18 w19 new w21 w22 w23 w24 … w36 w37",
      "  w38 w39 newer w41 w42 w43 w44 …",
    ].join("\n"),
  );
});

test("of long texts in lines only the lines around a change are shown", () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const after = lines.with(3, "changed").with(15, "changed, too");
  expect(show(lines.join("\n"), after.join("\n"))).toBe(
    [
      "  line 2",
      "− line 3",
      "+ changed",
      "  line 4",
      "  …",
      "  line 14",
      "− line 15",
      "+ changed, too",
      "  line 16",
    ].join("\n"),
  );
  expect(show("one\n\n", "one\ntwo\n")).toBe("  one\n−\n+ two");
});

test("texts that have nothing in common are shown whole, up to a number of lines", () => {
  const before = Array.from({ length: 1500 }, (_, index) => `a${index}`).join("\n");
  const after = Array.from({ length: 1500 }, (_, index) => `b${index}`).join("\n");
  const shown = show(before, after).split("\n");
  expect(shown).toHaveLength(41);
  expect(shown[40]).toMatch(/^… [\d,]+ more lines$/);
  const apart = show(words(0, 2500), words(5000, 7500)).split("\n");
  expect(apart).toHaveLength(41);
});

test("what is created is shown up to three lines", () => {
  expect(show(null, words(0, 100), "create").split("\n")).toEqual([
    '"w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12 w13',
    "w14 w15 w16 w17 w18 w19 w20 w21 w22 w23 w24 w25",
    "w26 w27 w28 w29 w30 w31 w32 w33 w34 w35 w36 w37",
    "… 6 more lines",
  ]);
  expect(show(null, [{ $secret: "a#b" }, { a: [1] }], "create")).toBe('["(secret)",{"a":[1]}]');
});
