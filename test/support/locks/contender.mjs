// One of several processes that want the same lock: takes it, says so, lets go, again and again.
import { appendFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , module, home, log, rounds] = process.argv;
const { withLock } = await import(pathToFileURL(module).href);
const { signal } = new AbortController();
const terminal = { cwd: home, environment: { HOME: home }, signal };
const context = { command: "apply", flags: { lockTimeout: 60_000, quiet: true }, terminal };

for (let round = 0; round < Number(rounds); round += 1) {
  await withLock(context, { appId: "app", place: "" }, async () => {
    appendFileSync(log, `in ${process.pid}\n`);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
    appendFileSync(log, `out ${process.pid}\n`);
    // In the end it goes without letting go.
    if (round === Number(rounds) - 1) process.kill(process.pid, "SIGKILL");
  });
}
