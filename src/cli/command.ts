import type { Paint } from "../render/paint.ts";
import type { ExitCode } from "./exit.ts";
import type { FlagSpec, Flags } from "./flags.ts";
import type { Terminal } from "./terminal.ts";

/** What a command runs with. */
export interface Context {
  readonly command: string;
  readonly flags: Flags;
  /** The arguments that are no flags. */
  readonly operands: readonly string[];
  readonly terminal: Terminal;
  readonly version: string;
  /** Colours of standard output. */
  readonly paint: Paint;
  /** Colours of standard error. */
  readonly notePaint: Paint;
  /** All that the command line can do; missing where a command is run by itself. */
  readonly commands?: readonly CommandSpec[];
}

/** A command's work: from flags to an exit code. */
export type Run = (context: Context) => Promise<ExitCode>;

/** A command as a description, from which the command line and its help are made. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** The arguments as the help shows them, with what they mean. */
  readonly operands?: {
    readonly syntax: string;
    readonly description: string;
    /** The words it can be, for shells to complete. */
    readonly choices?: readonly string[];
  };
  readonly flags: readonly FlagSpec[];
  readonly examples: readonly (readonly [command: string, purpose: string])[];
  readonly exits: readonly ExitCode[];
  /** Loads the command's work, and with it all that is heavy. */
  load(): Promise<{ readonly run: Run }>;
}

/** Says something on standard error, unless the user wants to hear less. */
export function say(context: Context, text: string): void {
  if (context.flags.quiet !== true) {
    context.terminal.note(`${text}\n`);
  }
}

/** Writes a value as the one JSON document on standard output. */
export function writeJson(context: Context, value: unknown): void {
  context.terminal.write(`${JSON.stringify(value, null, 2)}\n`);
}
