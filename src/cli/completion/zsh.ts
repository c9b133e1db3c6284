import { type CommandWords, type FlagWords, quote, type Value } from "./words.ts";

/** Completion for zsh, as a function to autoload or to source. */
export function zshCompletion(commands: readonly CommandWords[]): string {
  const described = commands.map(
    ({ name, summary }) => `    ${quote(`${name}:${summary.replaceAll(":", "\\:")}`)}`,
  );
  return `#compdef cometform
# Completion of cometform for zsh. To have it: put this into a folder of $fpath as _cometform, or
#   source <(cometform completion zsh)

_cometform() {
  local -a commands
  commands=(
${described.join("\n")}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.map(commandCase).join("\n")}
  esac
}

if [[ $funcstack[1] == _cometform ]]; then
  _cometform "$@"
elif (($+functions[compdef])); then
  compdef _cometform cometform
fi
`;
}

function commandCase({ name, flags, operand }: CommandWords): string {
  const specs = [
    ...flags.flatMap(flagSpecs),
    ...(operand === undefined ? [] : [quote(`*:${action(operand)}`)]),
  ];
  return [
    `    ${name})`,
    "      _arguments -s \\",
    specs.map((spec) => `        ${spec}`).join(" \\\n"),
    "      ;;",
  ].join("\n");
}

function flagSpecs({ names, description, value, isRepeatable }: FlagWords): readonly string[] {
  const text = description.replaceAll(/[[\]:\\]/g, (character) => `\\${character}`);
  // Either form excludes the other, and itself where it is given once.
  const others = isRepeatable ? "*" : `(${names.join(" ")})`;
  return names.map((name) =>
    quote(`${others}${name}[${text}]${value === undefined ? "" : `:${action(value)}`}`),
  );
}

/** A message and what to complete. */
function action(value: Value): string {
  if (value === "file") {
    return "file:_files";
  }
  return value === "any" ? "value: " : `value:(${value.join(" ")})`;
}
