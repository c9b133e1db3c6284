import { printManifest } from "../../manifest/print.ts";
import { exportRemarks, starterManifest } from "../../manifest/starter.ts";
import { escapeText } from "../../render/escape.ts";
import { isStackName, readManifest } from "../app-manifest.ts";
import { type Context, say } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { misuse } from "../kind-name.ts";
import { createFile, requireFree } from "../new-file.ts";
import { theProvider } from "../project.ts";
import { defaultFiles } from "../sources.ts";

const stackDefault = "my-app";

/** Writes a manifest to begin with; never over anything. */
export async function run(context: Context): Promise<ExitCode> {
  const { flags, operands, terminal } = context;
  const [file = defaultFiles[0]] = operands;
  if (flags.stack !== undefined && !isStackName(flags.stack)) {
    throw misuse(
      "--stack",
      `${escapeText(flags.stack)} cannot be a stack's name`,
      "It has 1 to 40 lower-case letters, digits, - and _, and begins with a letter or a digit.",
    );
  }
  // Before the app is read, which may take a while; a file without a name must not hide one of the other.
  for (const name of operands.length === 0 ? defaultFiles : [file]) {
    await requireFree(terminal.cwd, name);
  }
  const isFromApp = flags.fromApp === true;
  const text = isFromApp
    ? printManifest(await readManifest(context), theProvider().schema, exportRemarks)
    : starterManifest(flags.stack ?? stackDefault);
  if (file === "-") {
    terminal.write(text);
    return exitCodes.done;
  }
  // What people and what they belong to are called is nobody else's business.
  await createFile(terminal.cwd, file, { text, mode: isFromApp ? 0o600 : 0o666 });
  const name = operands.length === 0 ? "" : ` ${file}`;
  const next = isFromApp ? `cometform plan${name}` : `cometform plan --emulator${name}`;
  say(context, `Created ${escapeText(file)}. See what it would do: ${escapeText(next)}`);
  return exitCodes.done;
}
