import type { CommandWords, FlagWords, Value } from "./words.ts";

/** Completion for fish. */
export function fishCompletion(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  return `# Completion of cometform for fish. To have it:
#   cometform completion fish > ~/.config/fish/completions/cometform.fish

complete -c cometform -f
complete -c cometform -n "not __fish_seen_subcommand_from ${names}" -l version -s V -d 'print the version'
complete -c cometform -n "not __fish_seen_subcommand_from ${names}" -l help -s h -d 'print help'
${commands
  .map(
    ({ name, summary }) =>
      `complete -c cometform -n "not __fish_seen_subcommand_from ${names}" -a ${name} -d ${quote(summary)}`,
  )
  .join("\n")}
${commands.flatMap(commandLines).join("\n")}
`;
}

function commandLines({ name, flags, operand }: CommandWords): readonly string[] {
  const start = `complete -c cometform -n "__fish_seen_subcommand_from ${name}"`;
  const own = operand === undefined || operand === "any" ? [] : [`${start} ${take(operand)}`];
  return ["", ...own, ...flags.map((flag) => `${start} ${flagWords(flag)}`)];
}

function flagWords({ names, description, value }: FlagWords): string {
  const written = names.map((name) =>
    name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  );
  const takes =
    value === undefined ? [] : [value === "file" ? "-r -F" : `-x ${take(value)}`.trim()];
  return [...written, ...takes, `-d ${quote(description)}`].join(" ");
}

function take(value: Value): string {
  if (value === "file") {
    return "-F";
  }
  return value === "any" ? "" : `-a ${quote(value.join(" "))}`;
}

/** Within single quotes, fish takes backslashes before quotes and backslashes only. */
function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, (character) => `\\${character}`)}'`;
}
