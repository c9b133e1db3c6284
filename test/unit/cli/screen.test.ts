import { expect, test } from "vitest";
import { createPaints } from "../../../src/cli/paint.ts";
import type { Environment } from "../../../src/cli/terminal.ts";
import { openFakeTerminal } from "../../support/terminal.ts";

const tty = { isOutputTty: true, isErrorTty: true };

test.each<[string, Environment, object, boolean, boolean]>([
  ["a terminal", {}, tty, true, true],
  ["a pipe", {}, {}, true, false],
  ["--no-color", { FORCE_COLOR: "1" }, tty, false, false],
  ["NO_COLOR", { NO_COLOR: "1", FORCE_COLOR: "1" }, tty, true, false],
  ["an empty NO_COLOR", { NO_COLOR: "" }, tty, true, true],
  ["CI", { CI: "true" }, tty, true, false],
  ["FORCE_COLOR in CI", { CI: "true", FORCE_COLOR: "1" }, {}, true, true],
  ["FORCE_COLOR=0", { FORCE_COLOR: "0" }, {}, true, false],
  ["a dumb terminal", { TERM: "dumb" }, tty, true, false],
])("colours with %s", (_, environment, streams, isWanted, isColoured) => {
  const { paint, notePaint } = createPaints(
    openFakeTerminal({ environment, ...streams }),
    isWanted,
  );
  const expected = isColoured ? "\u001b[31mx\u001b[39m" : "x";
  expect([paint.red("x"), notePaint.red("x")]).toEqual([expected, expected]);
});
