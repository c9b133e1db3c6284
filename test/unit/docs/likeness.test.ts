import { describe, expect, test } from "vitest";
import { isLike } from "../../support/docs/likeness.ts";
import { mendBlock } from "../../support/docs/mend.ts";
import { plainCommand } from "../../support/docs/words.ts";

const printed = ["a 12 ms on 127.0.0.1:4100", "b", "c", "d"];

describe("what a page shows", () => {
  test.each([
    ["times and ports of another run", ["a 2.5 s on 127.0.0.1:77", "b", "c", "d"]],
    ["a part of a line left out", ["a … on …", "b", "c", "d"]],
    ["lines left out in between", ["a 1 ms on 127.0.0.1:1", "…", "d"]],
    ["none left out where some might be", ["…", "a … …", "b", "c", "…", "d", "…"]],
    ["all of it left out", ["…"]],
  ])("is like what was printed, with %s", (_, shown) => {
    expect(isLike(shown, printed)).toBe(true);
  });

  test("is like it whatever number of calls was sent, and not whatever was planned", () => {
    const sent = (calls: string) => [`✓ 25 applied in 2.5 s, ${calls}, 0 throttled`];
    expect(isLike(sent("1 call"), sent("1,031 calls"))).toBe(true);
    expect(isLike(["24 calls (24 core)"], ["25 calls (25 core)"])).toBe(false);
  });

  test.each([
    ["a line that was not printed", ["…", "b", "x", "…"]],
    ["a line too few", ["…", "b", "d"]],
    ["a line too many", ["…", "d", "e"]],
    ["another order", ["…", "c", "b", "…"]],
    ["a part of a line", ["…", "b", "c", ""]],
    ["nothing", []],
  ])("is not like it with %s", (_, shown) => {
    expect(isLike(shown, printed)).toBe(false);
  });

  test("is mended where it is wrong, and keeps what it leaves out", () => {
    expect(mendBlock(["a … …", "x", "…", "d"], printed)).toEqual(["a … …", "b", "…", "d"]);
    expect(mendBlock(["…", "y", "c", "d"], printed)).toEqual(["…", "b", "c", "d"]);
    expect(mendBlock([], printed)).toEqual(printed);
    const long = ["p", "", "q", "", "✓ 2 of 3", "", "end"];
    expect(mendBlock(["…", "✓ 1 of 3", "", "end"], long)).toEqual(["…", "✓ 2 of 3", "", "end"]);
  });
});

describe("a command line", () => {
  test("that needs no shell is taken apart without one", () => {
    expect(plainCommand(`A=1 B='x y' c "d \\"e\\"" f\\ g h#i=~ \\\n  --j # k`)).toEqual({
      assignments: { A: "1", B: "x y" },
      words: ["c", 'd "e"', "f g", "h#i=~", "--j"],
    });
  });

  test.each([
    "a | b",
    "a > b",
    "a $B",
    'a "$B"',
    "a; b",
    "a & b",
    "a *",
    "a {b,c}",
    "a `b`",
    "a 'b",
  ])("that needs a shell is left to it: %s", (text) => {
    expect(plainCommand(text)).toBeUndefined();
  });
});
