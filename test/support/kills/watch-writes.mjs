import { open } from "node:fs/promises";

/**
 * Has what is appended to files looked at, before and after each write: `pass(run, boundary, { text, write })`
 * may throw, end the process or never resolve. The run that writes has its `writes` counted; where
 * `run.dieAt` names a torn write, half of it is written before that boundary.
 */
export async function watchWrites(current, pass) {
  const handle = await open("/dev/null", "r");
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  const append = prototype.appendFile;
  prototype.appendFile = async function appendWatched(text, ...rest) {
    const run = current();
    run.writes += 1;
    const number = run.writes;
    const write = (part) => append.call(this, part, ...rest);
    await pass(run, `before ${number}`, { text, write });
    if (run.dieAt === `torn ${number}`) {
      await write(text.slice(0, Math.floor(text.length / 2)));
      await pass(run, `torn ${number}`, { text, write });
    }
    await write(text);
    await pass(run, `after ${number}`, { text, write });
  };
}
