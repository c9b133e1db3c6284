// Preloaded into the command line (`node --import`): lets the process die by SIGKILL at the boundary of
// its journal that COMETFORM_DIE_AT names, and at none if it names none. With COMETFORM_BOUNDARIES the
// boundaries that were passed are written down, one a line. With COMETFORM_FULL_AT the disk is full from
// the n-th write on.
import { appendFileSync } from "node:fs";
import { open } from "node:fs/promises";

const {
  COMETFORM_DIE_AT: dieAt,
  COMETFORM_BOUNDARIES: list,
  COMETFORM_FULL_AT: fullAt,
} = process.env;

let writes = 0;

const handle = await open("/dev/null", "r");
const prototype = Object.getPrototypeOf(handle);
await handle.close();
const append = prototype.appendFile;

prototype.appendFile = async function appendWatched(text, ...rest) {
  writes += 1;
  const number = writes;
  pass(`before ${number}`, text);
  if (number >= Number(fullAt ?? Number.POSITIVE_INFINITY)) {
    await append.call(this, text.slice(0, 1));
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  }
  if (dieAt === `torn ${number}`) {
    await append.call(this, text.slice(0, Math.floor(text.length / 2)));
    die();
  }
  await append.call(this, text, ...rest);
  pass(`after ${number}`, text);
};

function pass(boundary, text) {
  if (list !== undefined) {
    const types = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).type);
    appendFileSync(list, `${boundary} ${types.join(",")}\n`);
  }
  if (dieAt === boundary) die();
}

function die() {
  process.kill(process.pid, "SIGKILL");
  // The signal comes at once; nothing may happen until then.
  for (;;);
}
