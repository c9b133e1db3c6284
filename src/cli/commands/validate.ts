import type { HousePolicy } from "../../house/policy.ts";
import type { DesiredGraph } from "../../model/resource.ts";
import { escapeText } from "../../render/escape.ts";
import { countOf } from "../../render/layout.ts";
import { type Context, writeJson } from "../command.ts";
import { type ExitCode, exitCodes, Failure } from "../exit.ts";
import { judgeProject, readPolicies } from "../policies.ts";
import { loadProject } from "../project.ts";
import { namedFiles, readSources } from "../sources.ts";
import { showDiagnostics } from "../trouble.ts";

/** Checks manifests offline and says what they declare. */
export async function run(context: Context): Promise<ExitCode> {
  try {
    const policies = await readPolicies(context);
    tellUnjudged(context, policies);
    const sources = await readSources(context, namedFiles(context));
    const project = await loadProject(context, sources);
    const { desired, warnings } = project;
    const objections = await judgeProject(policies, project);
    if (objections.length > 0) {
      const texts = new Map(sources.map(({ file, text }) => [file, text]));
      throw new Failure(exitCodes.refused, objections, texts);
    }
    const counts = countKinds(desired);
    if (context.flags.json === true) {
      writeJson(context, { formatVersion: 1, valid: true, diagnostics: warnings, counts });
    } else if (context.flags.quiet !== true) {
      const files = sources.map(({ file }) => (file === "-" ? "standard input" : escapeText(file)));
      context.terminal.write(`${validText(files, counts)}\n`);
    }
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof Failure) || !judgements.has(error.exit)) {
      throw error;
    }
    if (context.flags.json === true) {
      writeJson(context, { formatVersion: 1, valid: false, diagnostics: error.diagnostics });
    }
    await showDiagnostics(context, error.diagnostics, error.sources);
    return error.exit;
  }
}

/** A policy about plans alone says nothing here; whoever gave it should not take that for a yes. */
function tellUnjudged({ terminal, flags }: Context, policies: readonly HousePolicy[]): void {
  for (const { file, manifest } of policies) {
    if (manifest !== undefined || flags.quiet === true) continue;
    terminal.note(
      `${escapeText(file)} is about plans alone: nothing of it was judged here, plan --policy does\n`,
    );
  }
}

/** What is wrong with the manifest itself, by its own rules or by those of a policy. */
const judgements: ReadonlySet<ExitCode> = new Set([exitCodes.invalid, exitCodes.refused]);

function countKinds({ resources }: DesiredGraph): { readonly [kind: string]: number } {
  const counts: { [kind: string]: number } = {};
  for (const { kind } of resources.values()) {
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

function validText(files: readonly string[], counts: { readonly [kind: string]: number }): string {
  const subject =
    files.length > 3
      ? `${files.length} files are`
      : `${files.join(" and ")} ${files.length === 1 ? "is" : "are"}`;
  const declared = Object.entries(counts).map(([kind, count]) => countOf(count, kind));
  return `${subject} valid: ${declared.length === 0 ? "nothing is declared" : declared.join(", ")}`;
}
