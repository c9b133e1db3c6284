import { printManifest } from "../../manifest/print.ts";
import type { LiveGraph } from "../../model/resource.ts";
import { readAll } from "../../pipeline.ts";
import type { Session } from "../../providers/provider.ts";
import { type Context, say } from "../command.ts";
import { withSession } from "../connection.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { requirePlace, writePrivately } from "../files.ts";
import { theProvider } from "../project.ts";
import { showDiagnostics } from "../trouble.ts";

/** By its first line an export is known, so that a later one may replace it, and nothing else. */
const exportHead = "# Exported by cometform. Take this line out once you edit the file.\n";

/** Writes the manifest that describes the app. */
export async function run(context: Context): Promise<ExitCode> {
  const { flags, terminal } = context;
  if (flags.out !== undefined) {
    await requirePlace(context, flags.out, (text) => text.startsWith(exportHead));
  }
  const provider = theProvider();
  const request = { provider, declared: { by: "The manifest" }, managed: new Set<string>() };
  const text = await withSession(context, request, async (session) => {
    const live = await readAll(session, terminal.signal);
    const warnings = [...session.closed.values(), ...live.diagnostics];
    await showDiagnostics(context, warnings, new Map());
    const stack = commonStack(session, live);
    const manifest = session.toManifest(live, stack === undefined ? {} : { stack });
    return exportHead + printManifest(manifest);
  });
  if (flags.out === undefined) {
    terminal.write(text);
  } else {
    await writePrivately(terminal.cwd, flags.out, text);
    say(context, `Saved to ${flags.out}.`);
  }
  return exitCodes.done;
}

/** The stack that marked everything that can be marked: only then does naming it change nothing. */
function commonStack({ kinds }: Session, { resources }: LiveGraph): string | undefined {
  const markable = new Set(kinds.filter((kind) => kind.markable).map(({ name }) => name));
  const stacks = [...resources.values()]
    .filter(({ kind, builtin }) => markable.has(kind) && builtin !== true)
    .map(({ stack }) => stack);
  return new Set(stacks).size === 1 ? stacks[0] : undefined;
}
