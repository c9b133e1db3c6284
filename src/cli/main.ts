#!/usr/bin/env node
import { readVersion } from "./version.ts";

const args = process.argv.slice(2);
const isVersionAsked = args.length === 1 && (args[0] === "--version" || args[0] === "-V");

// Scripts ask for the version often, so it is answered before anything else is loaded.
if (isVersionAsked) {
  process.stdout.write(`${readVersion()}\n`);
} else {
  const [{ run }, { openTerminal }] = await Promise.all([
    import("./program.ts"),
    import("./process-terminal.ts"),
  ]);
  const terminal = openTerminal();
  const exit = await run(args, terminal, readVersion());
  process.exitCode = terminal.hasFailed() ? 1 : exit;
}
