import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commands } from "../../src/cli/commands.ts";
import { root } from "./cli.ts";

/** What the integrations rely on and the command line may not have yet. */
const awaited = ["plan --markdown", "plan --html", "drift", "fmt --check"] as const;

/** Whether the command line has a command, or a flag of one. */
export function has(feature: (typeof awaited)[number]): boolean {
  const [name, flag] = feature.split(" ");
  return commands.some(
    (command) =>
      command.name === name &&
      (flag === undefined || command.flags.some(({ flags }) => flags.includes(flag))),
  );
}

/** What is there, so that nothing has to stand in for it any more. */
export const arrived: readonly string[] = awaited.filter(has);

/** The flags of `plan` that the command line does not know. */
export const unknownFlags: readonly string[] = (["markdown", "html"] as const)
  .filter((flag) => !has(`plan --${flag}`))
  .map((flag) => `--${flag}`);

/** Puts the built command line into a folder of programs, without the flags that it does not know. */
export function installCli(bin: string): void {
  const main = join(root, "dist", "cli", "main.js");
  const script = `#!${process.execPath}
const unknown = ${JSON.stringify(unknownFlags)};
const words = process.argv.slice(2).flatMap((word) => {
  const [flag, value] = word.split("=");
  return unknown.includes(flag) && value !== undefined ? [flag, value] : [word];
});
const rest = [];
while (words.length > 0) {
  const word = words.shift();
  if (unknown.includes(word)) require("node:fs").writeFileSync(words.shift(), "+ user/ann");
  else rest.push(word);
}
const { status } = require("node:child_process").spawnSync(
  process.execPath, [${JSON.stringify(main)}, ...rest], { stdio: "inherit" });
process.exitCode = status;
`;
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "cometform"), script);
  chmodSync(join(bin, "cometform"), 0o755);
}
