import { fileURLToPath } from "node:url";
import { type CliResult, runNode } from "../cli.ts";

/** A command line of a crowd: where and with what it runs. */
export interface Line {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
}

const program = fileURLToPath(new URL("crowd.mjs", import.meta.url));

/** Runs command lines at once in one process, because starting one takes longer than most of them do. */
export async function runTogether(lines: readonly Line[]): Promise<readonly CliResult[]> {
  const { exit, stdout, stderr } = await start(lines);
  if (exit !== 0) throw new Error(`the process ended with ${exit}:\n${stderr}`);
  return JSON.parse(stdout);
}

/**
 * Runs command lines at once in one process, each until it is at this boundary of its journal, and kills
 * the process when all of them are.
 */
export async function dieTogether(
  lines: readonly (Line & { readonly dieAt: string })[],
): Promise<void> {
  const { exit, signal, stderr } = await start(lines);
  if (signal !== "SIGKILL") throw new Error(`the process ended with ${exit}:\n${stderr}`);
}

function start(lines: readonly Line[]): Promise<CliResult> {
  return runNode([program, JSON.stringify(lines)], { cwd: process.cwd() });
}
