import { printManifest } from "../../manifest/print.ts";
import { sha256 } from "../../planner/digest.ts";
import { readManifest } from "../app-manifest.ts";
import { type Context, say } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { requirePlace, writePrivately } from "../files.ts";
import { theProvider } from "../project.ts";

/** Writes the manifest that describes the app. */
export async function run(context: Context): Promise<ExitCode> {
  const { flags, terminal } = context;
  if (flags.out !== undefined) {
    await requirePlace(context, { file: flags.out, flag: "--out" }, isUnedited);
  }
  const text = seal(printManifest(await readManifest(context), theProvider().schema));
  if (flags.out === undefined) {
    terminal.write(text);
  } else {
    await writePrivately(terminal.cwd, flags.out, text);
    say(context, `Saved to ${flags.out}.`);
  }
  return exitCodes.done;
}

/** By its last line an export is known that nobody has edited since: only that may be replaced. */
function seal(text: string): string {
  const digest = sha256(text).slice(0, 16);
  return `${text}\n# Exported by cometform (${digest}). A later export replaces this file, unless it was edited.\n`;
}

function isUnedited(text: string): boolean {
  const end = text.lastIndexOf("\n# Exported by cometform");
  return end >= 0 && text === seal(text.slice(0, end));
}
