import type { CommanderError } from "commander";
import type { DiagnosticCode } from "../model/diagnostic-code.ts";
import { baseUrlProblem } from "./base-url.ts";
import type { CommandSpec, Context } from "./command.ts";
import { commands } from "./commands.ts";
import { exitCodes, type Failure, fail } from "./exit.ts";
import { type Flags, parseVariable } from "./flags.ts";
import { createPaints } from "./paint.ts";
import type { Terminal } from "./terminal.ts";

const codes: { readonly [commander: string]: DiagnosticCode } = {
  "commander.conflictingOption": "cli/conflicting-flags",
  "commander.excessArguments": "cli/extra-argument",
  "commander.invalidArgument": "cli/bad-value",
  "commander.missingArgument": "cli/missing-argument",
  "commander.optionMissingArgument": "cli/bad-value",
  "commander.unknownCommand": "cli/unknown-command",
  "commander.unknownOption": "cli/unknown-flag",
};

/** What people reach for who know other tools, and what there is in its place. */
const instead: { readonly [flag: string]: string } = {
  "--force":
    "There is no --force: what a budget refuses is allowed by name, --allow delete:user=30.",
  "--dry-run": "There is no --dry-run: plan shows what apply would do, and sends nothing.",
  "--auto-approve": "Did you mean --yes?",
};

/** Why a command line cannot be understood, as a diagnostic; `undefined` for what is none of the parser's refusals. */
export function toUsageFailure(
  error: CommanderError,
  args: readonly string[],
): Failure | undefined {
  const code = codes[error.code];
  if (code === undefined) {
    return undefined;
  }
  const text = error.message.replace(/^error: /, "");
  const [, said = text, suggestion] = /^(.*)\n\((Did you mean .*\?)\)$/s.exec(text) ?? [];
  // What was typed may have a full stop, too: the parser's own text is what tells where it ends.
  const [, short = said, why] =
    /^(.* (?:is invalid|arguments for '[a-z]+'))\. (.*)$/s.exec(said) ?? [];
  const [, flag = ""] = /^unknown option '(--[a-z-]+)/.exec(said) ?? [];
  const advice = Object.hasOwn(instead, flag) ? instead[flag] : suggestion;
  const name = specOf(args)?.name;
  const where = name === undefined ? "cometform --help" : `cometform ${name} --help`;
  return fail(exitCodes.usage, {
    code,
    summary: short.charAt(0).toUpperCase() + short.slice(1),
    ...(why === undefined ? {} : { detail: why }),
    hint: [...(advice === undefined ? [] : [advice]), `${where} tells what there is.`].join(" "),
  });
}

/** What a command line that was not understood is answered with: its own flags, as far as they can be told. */
export function usageContext(
  args: readonly string[],
  terminal: Terminal,
  version: string,
): Context {
  const spec = specOf(args);
  const [end, hasJson] = [args.indexOf("--"), spec?.flags.some(({ flags }) => flags === "--json")];
  const given = end === -1 ? args : args.slice(0, end);
  const flags: Flags = {
    // Where a command has no such output, it must not get one by a mistake.
    ...(given.includes("--json") && hasJson !== false ? { json: true } : {}),
    ...(given.includes("--quiet") || given.includes("-q") ? { quiet: true } : {}),
  };
  const paints = createPaints(terminal, !given.includes("--no-color"));
  const command = spec?.name ?? "cometform";
  return { command, flags, operands: [], terminal, version, commands, ...paints };
}

/** The command that is meant: nothing but flags without values may stand before it. */
function specOf(args: readonly string[]): CommandSpec | undefined {
  const name = args.find((arg) => !arg.startsWith("-"));
  return commands.find((spec) => spec.name === name);
}

/** Refuses flags that have no meaning, or values that the parser must not repeat. */
export function checkFlags(spec: CommandSpec, flags: Flags, keyOf: (flag: string) => string): void {
  for (const {
    flags: written,
    key = keyOf(written) as keyof Flags,
    requires,
    value,
  } of spec.flags) {
    // A value that nobody gave needs nothing.
    const isGiven = flags[key] !== undefined && flags[key] !== value;
    if (requires !== undefined && isGiven && flags[requires] === undefined) {
      const needed = `--${requires.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      throw fail(exitCodes.usage, {
        code: "cli/dependent-flag",
        summary: `Option '${written}' has no meaning without '${needed}'`,
        hint: `Add ${needed}, or leave it out.`,
      });
    }
  }
  if (flags.var?.some((text) => parseVariable(text) === undefined)) {
    throw fail(exitCodes.usage, {
      code: "cli/bad-value",
      // Without the text: it may be a secret.
      summary: "A '--var' is not of the form NAME=VALUE",
      hint: "A name has letters, digits and _, and begins with none of the digits.",
    });
  }
  const problem = flags.baseUrl === undefined ? undefined : baseUrlProblem(flags.baseUrl);
  if (problem !== undefined) {
    throw fail(exitCodes.usage, {
      code: "cli/bad-value",
      summary: "The '--base-url' cannot be used",
      detail: `${problem}.`,
    });
  }
}
