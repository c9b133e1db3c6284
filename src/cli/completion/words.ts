import { Option } from "commander";
import type { CommandSpec } from "../command.ts";
import type { FlagSpec } from "../flags.ts";

/** What may stand in a place of a command line: one of these words, a file, or anything. */
export type Value = readonly string[] | "file" | "any";

/** A flag as shells need it. */
export interface FlagWords {
  /** `--file`, and `-f` where there is one. */
  readonly names: readonly string[];
  readonly description: string;
  /** Missing where the flag takes no value. */
  readonly value?: Value;
  readonly isRepeatable: boolean;
}

/** A command as shells need it. */
export interface CommandWords {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly FlagWords[];
  /** Missing where there are no arguments. */
  readonly operand?: Value;
}

const help: FlagWords = {
  names: ["--help", "-h"],
  description: "print help",
  isRepeatable: false,
};

/** What there is to complete, from the descriptions that the command line itself is made from. */
export function toWords(commands: readonly CommandSpec[]): readonly CommandWords[] {
  const known = commands.map((spec): CommandWords => {
    const { name, summary, operands } = spec;
    const flags = [...spec.flags.map(toFlag), help];
    const operand = operands?.choices ?? (operands?.syntax.includes("FILE") ? "file" : "any");
    return { name, summary, flags, ...(operands === undefined ? {} : { operand }) };
  });
  const operand = commands.map(({ name }) => name);
  return [...known, { name: "help", summary: "print help for a command", flags: [], operand }];
}

function toFlag({ flags, description, parse }: FlagSpec): FlagWords {
  const { short, long, required } = new Option(flags);
  const names = [long, short].filter((name): name is string => typeof name === "string");
  const value = parse?.choices ?? (/<FILE>/.test(flags) ? "file" : "any");
  const isRepeatable = parse !== undefined && description.includes("may be repeated");
  return { names, description, isRepeatable, ...(required ? { value } : {}) };
}

/** A text in single quotes, for any of the shells. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
