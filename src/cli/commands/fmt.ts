import { formatManifest } from "../../manifest/format.ts";
import type { ManifestSource } from "../../manifest/load.ts";
import { escapeText } from "../../render/escape.ts";
import { renderFileDiff } from "../../render/file-diff.ts";
import { countOf } from "../../render/layout.ts";
import { type Context, say } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { rewriteFile } from "../files.ts";
import { requireManifests, theProvider } from "../project.ts";
import { namedFiles, readSources } from "../sources.ts";
import { showDiagnostics } from "../trouble.ts";

type Outcome = "same" | "changed" | "invalid";

/** Brings manifests into canonical form, each for itself. */
export async function run(context: Context): Promise<ExitCode> {
  const sources = await readSources(context, namedFiles(context));
  requireManifests(sources);
  const outcomes: Outcome[] = [];
  for (const source of sources) {
    outcomes.push(await formatOne(context, source));
  }
  const changed = outcomes.filter((outcome) => outcome === "changed").length;
  if (outcomes.includes("invalid")) {
    return exitCodes.invalid;
  }
  if (context.flags.check === true) {
    say(
      context,
      changed === 0
        ? told(outcomes.length, "canonical already")
        : told(changed, "not in canonical form"),
    );
    return changed === 0 ? exitCodes.done : exitCodes.pending;
  }
  if (changed === 0) {
    say(context, told(outcomes.length, "canonical already"));
  }
  return exitCodes.done;
}

function told(count: number, what: string): string {
  return `${countOf(count, "file")} ${count === 1 ? "is" : "are"} ${what}.`;
}

async function formatOne(context: Context, source: ManifestSource): Promise<Outcome> {
  const { flags, terminal, paint } = context;
  const { file, text } = source;
  const formatted = formatManifest(source, theProvider().schema);
  if (!formatted.ok) {
    await showDiagnostics(context, formatted.diagnostics, new Map([[file, text]]));
    return "invalid";
  }
  const isSame = formatted.value === text;
  if (flags.diff === true) {
    terminal.write(
      isSame ? "" : renderFileDiff(file, { before: text, after: formatted.value }, paint),
    );
  } else if (file === "-" && flags.check !== true) {
    terminal.write(formatted.value);
  } else if (!isSame) {
    terminal.write(`${file === "-" ? "standard input" : escapeText(file)}\n`);
  }
  if (!isSame && file !== "-" && flags.check !== true) {
    await rewriteFile(terminal.cwd, file, formatted.value);
  }
  return isSame ? "same" : "changed";
}
