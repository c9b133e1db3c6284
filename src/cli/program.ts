import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { CommandSpec, Context } from "./command.ts";
import { commands } from "./commands.ts";
import { type ExitCode, exitCodes, UsageError } from "./exit.ts";
import type { FlagSpec, Flags } from "./flags.ts";
import { commandHelp, mainHelp } from "./help.ts";
import { createPaints } from "./paint.ts";
import type { Terminal } from "./terminal.ts";
import { reportTrouble } from "./trouble.ts";
import { checkFlags, toUsageFailure, usageContext } from "./usage-trouble.ts";

/** Runs a command line to its end and tells the exit code. Never throws. */
export async function run(
  args: readonly string[],
  terminal: Terminal,
  version: string,
): Promise<ExitCode> {
  let exit: ExitCode = exitCodes.done;
  const program = createProgram(terminal, version);
  for (const spec of commands) {
    const command = addCommand(program, spec, terminal.width);
    command.action(async () => {
      exit = await runCommand(spec, command, terminal, version);
    });
  }
  try {
    await program.parseAsync(withoutHelp(args), { from: "user" });
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    const failure = toUsageFailure(error, args);
    return failure === undefined
      ? helpExit(error)
      : await reportTrouble(failure, usageContext(args, terminal, version));
  }
}

/** Where help and the version are shown, the parser ends by an error, too. */
function helpExit({ exitCode }: CommanderError): ExitCode {
  return exitCode === 0 ? exitCodes.done : exitCodes.usage;
}

/** `help foo` is as wrong as `foo` is, and the parser would show the main help for it. */
function withoutHelp([first, ...rest]: readonly string[]): string[] {
  const [topic = "-"] = rest;
  const isKnown = topic.startsWith("-") || commands.some(({ name }) => name === topic);
  if (first === "help" && !isKnown && topic !== "help") {
    return rest;
  }
  return first === undefined ? [] : [first, ...rest];
}

function createProgram(terminal: Terminal, version: string): Command {
  return new Command("cometform")
    .description(
      "Makes a CometChat app what a manifest says it is: roles, users, groups, members and webhooks.",
    )
    .usage("COMMAND [FLAGS] [FILE...]")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help for a command")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      writeErr: (text) => terminal.note(text),
      getOutHelpWidth: () => terminal.width,
      getErrHelpWidth: () => terminal.width,
      // It is shown as a diagnostic, by whoever catches the error.
      outputError: () => undefined,
    })
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}` })
    .addHelpText("after", mainHelp(terminal.width))
    .showSuggestionAfterError();
}

function addCommand(program: Command, spec: CommandSpec, width: number): Command {
  const command = program
    .command(spec.name)
    .summary(spec.summary)
    .description(spec.description)
    .usage(["[FLAGS]", spec.operands?.syntax ?? ""].join(" ").trim())
    .addHelpText("after", commandHelp(spec, width));
  if (spec.operands !== undefined) {
    const { syntax, description } = spec.operands;
    const isSingle = /^(?:<[A-Z]+>|\[[A-Z]+\])$/.test(syntax);
    command.argument(isSingle ? syntax : "[FILE...]", description);
  }
  for (const flag of spec.flags) {
    command.addOption(toOption(flag));
  }
  return command;
}

function toOption({ flags, description, parse, value, conflicts }: FlagSpec): Option {
  const option = new Option(flags, description);
  if (parse !== undefined) {
    option.argParser((text: string, before: unknown) => {
      try {
        return parse(text, before);
      } catch (error) {
        throw error instanceof UsageError ? new InvalidArgumentError(error.message) : error;
      }
    });
  }
  if (value !== undefined) {
    option.default(value);
  }
  return conflicts === undefined ? option : option.conflicts([...conflicts]);
}

/** The values by their keys: two commands may mean different things by one flag. */
function flagsOf({ flags }: CommandSpec, command: Command): Flags {
  const keys = new Map(
    flags.map(({ flags: written, key }) => [new Option(written).attributeName(), key] as const),
  );
  const values = Object.entries(command.opts());
  return Object.fromEntries(values.map(([name, value]) => [keys.get(name) ?? name, value]));
}

async function runCommand(
  spec: CommandSpec,
  command: Command,
  terminal: Terminal,
  version: string,
): Promise<ExitCode> {
  const flags = flagsOf(spec, command);
  const context: Context = {
    command: spec.name,
    flags,
    operands: command.args,
    terminal,
    version,
    commands,
    ...createPaints(terminal, flags.color !== false),
  };
  try {
    checkFlags(spec, flags, (written) => new Option(written).attributeName());
    const { run: work } = await spec.load();
    return await work(context);
  } catch (error) {
    return await reportTrouble(error, context);
  }
}
