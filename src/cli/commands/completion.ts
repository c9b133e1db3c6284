import { escapeText } from "../../render/escape.ts";
import { joinWords } from "../../render/layout.ts";
import type { Context } from "../command.ts";
import { bashCompletion } from "../completion/bash.ts";
import { fishCompletion } from "../completion/fish.ts";
import { toWords } from "../completion/words.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { type ExitCode, exitCodes, fail } from "../exit.ts";
import { didYouMean } from "../kind-name.ts";

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** Prints the completion for a shell. */
export async function run(context: Context): Promise<ExitCode> {
  const [name = ""] = context.operands;
  const names = Object.keys(shells);
  const shell = Object.entries(shells).find(([known]) => known === name);
  if (shell === undefined) {
    throw fail(exitCodes.usage, {
      code: "cli/unknown-shell",
      summary: `There is no completion for ${escapeText(name)}`,
      hint: `${didYouMean(name, names)} There is one for ${joinWords(names)}.`.trim(),
    });
  }
  context.terminal.write(shell[1](toWords(context.commands ?? [])));
  return exitCodes.done;
}
