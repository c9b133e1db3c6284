import { type CommandWords, quote, type Value } from "./words.ts";

/** Completion for bash, 3.2 or later, without any helpers. */
export function bashCompletion(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name);
  return `# Completion of cometform for bash. To have it in this shell:
#   source <(cometform completion bash)
# shellcheck shell=bash

_cometform() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  local command="" words="" kind="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
      -*) ;;
      *)
        command=\${COMP_WORDS[index]}
        break
        ;;
    esac
  done
  case $command in
    "") words=${quote([...names, "--help", "--version"].join(" "))} ;;
${commands.map(commandCase).join("\n")}
  esac
  if [[ -n $words ]]; then
    local IFS=$' \\n'
    # The words are ours and have no blanks.
    # shellcheck disable=SC2207
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
  if [[ $kind == file && $current != -* ]]; then
    # Nothing is told, so that bash looks for files itself.
    COMPREPLY=()
  elif type compopt >/dev/null 2>&1; then
    compopt +o default +o bashdefault 2>/dev/null
  fi
}

complete -o bashdefault -o default -F _cometform cometform
`;
}

function commandCase({ name, flags, operand }: CommandWords): string {
  const all = flags.flatMap((flag) => flag.names).join(" ");
  const cases = flags.flatMap((flag) =>
    flag.value === undefined ? [] : [{ pattern: flag.names.join(" | "), ...setting(flag.value) }],
  );
  const merged = new Map<string, string[]>();
  for (const { pattern, set } of cases) {
    merged.set(set, [...(merged.get(set) ?? []), pattern]);
  }
  const own = typeof operand === "object" ? `${operand.join(" ")} ${all}`.trim() : all;
  const isFile = operand === "file" ? " kind='file'" : "";
  return [
    `    ${name})`,
    "      case $previous in",
    ...[...merged].map(([set, patterns]) => `        ${patterns.join(" | ")}) ${set} ;;`),
    `        *) words=${quote(own)}${isFile} ;;`,
    "      esac",
    "      ;;",
  ].join("\n");
}

function setting(value: Value): { readonly set: string } {
  if (value === "file") {
    return { set: "kind='file'" };
  }
  return { set: value === "any" ? "words=''" : `words=${quote(value.join(" "))}` };
}
