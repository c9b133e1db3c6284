// Preloaded into the command line (`node --import`): lets the process die by SIGKILL at the boundary of
// its journal that COMETFORM_DIE_AT names, and at none if it names none. With COMETFORM_BOUNDARIES the
// boundaries that were passed are written down, one a line. With COMETFORM_FULL_AT the disk is full from
// the n-th write on.
import { appendFileSync } from "node:fs";
import { watchWrites } from "./watch-writes.mjs";

const {
  COMETFORM_DIE_AT: dieAt,
  COMETFORM_BOUNDARIES: list,
  COMETFORM_FULL_AT: fullAt = Number.POSITIVE_INFINITY,
} = process.env;

const thisRun = { writes: 0, dieAt };

await watchWrites(
  () => thisRun,
  async ({ writes }, boundary, { text, write }) => {
    if (list !== undefined) appendFileSync(list, `${boundary} ${typesIn(text)}\n`);
    if (boundary === dieAt) die();
    if (boundary.startsWith("before") && writes >= Number(fullAt)) {
      await write(text.slice(0, 1));
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    }
  },
);

function typesIn(text) {
  const lines = text.trim().split("\n");
  return lines.map((line) => JSON.parse(line).type).join(",");
}

function die() {
  process.kill(process.pid, "SIGKILL");
  // The signal comes at once; nothing may happen until then.
  for (;;);
}
