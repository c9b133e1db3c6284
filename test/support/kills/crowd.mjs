// Runs several command lines at once in one process and prints what came of them, as JSON. A line that
// names a boundary of its journal stops there for good; once all lines have, the process dies by SIGKILL.
import { AsyncLocalStorage } from "node:async_hooks";
import { run } from "../../../dist/cli/program.js";
import { readVersion } from "../../../dist/cli/version.js";
import { watchWrites } from "./watch-writes.mjs";

const lines = JSON.parse(process.argv[2]);
const current = new AsyncLocalStorage();
let stopped = 0;

await watchWrites(
  () => current.getStore(),
  async ({ dieAt }, boundary) => {
    if (boundary !== dieAt) return;
    stopped += 1;
    if (stopped === lines.length) process.kill(process.pid, "SIGKILL");
    await new Promise(() => undefined);
  },
);

const results = lines.map(({ args, cwd, env, dieAt }) =>
  current.run({ writes: 0, dieAt }, async () => {
    const written = [];
    const noted = [];
    const terminal = {
      cwd,
      environment: env,
      signal: new AbortController().signal,
      width: 80,
      noteWidth: 80,
      isOutputTty: false,
      isErrorTty: false,
      write: (text) => void written.push(text),
      note: (text) => void noted.push(text),
      setLastWords: () => undefined,
      readInput: async () => new Uint8Array(),
    };
    const exit = await run(args, terminal, readVersion());
    const result = { exit, signal: null, stdout: written.join(""), stderr: noted.join("") };
    // Not all of them will stop any more.
    if (dieAt !== undefined) throw new Error(`${dieAt} was not passed: ${JSON.stringify(result)}`);
    return result;
  }),
);
process.stdout.write(JSON.stringify(await Promise.all(results)));
