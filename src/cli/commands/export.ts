import { printManifest } from "../../manifest/print.ts";
import type { LiveGraph } from "../../model/resource.ts";
import { readAll } from "../../pipeline.ts";
import { sha256 } from "../../planner/digest.ts";
import type { Session } from "../../providers/provider.ts";
import { type Context, say } from "../command.ts";
import { withSession } from "../connection.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { requirePlace, writePrivately } from "../files.ts";
import { theProvider } from "../project.ts";
import { showDiagnostics } from "../trouble.ts";
import { tellWaits } from "../wait-notes.ts";

/** Writes the manifest that describes the app. */
export async function run(context: Context): Promise<ExitCode> {
  const { flags, terminal } = context;
  if (flags.out !== undefined) {
    await requirePlace(context, { file: flags.out, flag: "--out" }, isUnedited);
  }
  const provider = theProvider();
  const request = { provider, declared: { by: "The manifest" }, managed: new Set<string>() };
  const text = await withSession(context, request, async (session) => {
    const live = await tellWaits(context, session, () => readAll(session, terminal.signal));
    const warnings = [...session.closed.values(), ...live.diagnostics];
    await showDiagnostics(context, warnings, new Map());
    const stack = commonStack(session, live);
    const manifest = session.toManifest(live, stack === undefined ? {} : { stack });
    return seal(printManifest(manifest));
  });
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

/** The stack that marked everything that can be marked: only then does naming it change nothing. */
function commonStack({ kinds }: Session, { resources }: LiveGraph): string | undefined {
  const markable = new Set(kinds.filter((kind) => kind.markable).map(({ name }) => name));
  const stacks = [...resources.values()]
    .filter(({ kind, builtin }) => markable.has(kind) && builtin !== true)
    .map(({ stack }) => stack);
  return new Set(stacks).size === 1 ? stacks[0] : undefined;
}
