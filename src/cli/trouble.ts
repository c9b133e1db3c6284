import type { Diagnostic } from "../model/diagnostic.ts";
import { DIAGNOSTIC_CODES, type DiagnosticCode } from "../model/diagnostic-code.ts";
import type { ProviderErrorKind } from "../providers/provider.ts";
import { type Context, writeJson } from "./command.ts";
import { BrokenRun, type ExitCode, exitCodes, Failure } from "./exit.ts";

const codes: { readonly [kind in ProviderErrorKind]: DiagnosticCode } = {
  credentials: "api/credentials",
  unreachable: "api/unreachable",
  "not-found": "api/not-found",
  rejected: "api/rejected",
  throttled: "api/throttled",
  unreadable: "api/unreadable",
  configuration: "app/configuration",
  interrupted: "api/interrupted",
  "unknown-outcome": "api/unknown-outcome",
  "already-so": "api/already-so",
};

/** Shows diagnostics on standard error, with the lines they point at. */
export async function showDiagnostics(
  context: Context,
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
): Promise<void> {
  if (diagnostics.length === 0) {
    return;
  }
  const { terminal, notePaint } = context;
  const { renderDiagnostics } = await import("../render/diagnostics.ts");
  const text = renderDiagnostics(diagnostics, { sources, paint: notePaint, width: terminal.width });
  terminal.note(text.endsWith("\n") ? text : `${text}\n`);
  tellMore(context, diagnostics);
}

/** Says where there is more to read about why something is wrong or refused. */
export function tellMore(
  { terminal, notePaint, flags }: Context,
  diagnostics: readonly Diagnostic[],
): void {
  const more = flags.quiet === true ? undefined : whereMore(diagnostics);
  if (more !== undefined) {
    terminal.note(`\n${notePaint.dim(more)}\n`);
  }
}

/** Of warnings enough has been said, and of codes that a file brings nothing is known. */
function whereMore(diagnostics: readonly Diagnostic[]): string | undefined {
  const errors = diagnostics.filter(
    ({ severity, code }) => severity === "error" && DIAGNOSTIC_CODES.includes(code),
  );
  const [code, ...others] = new Set(errors.map((error) => error.code));
  if (code === undefined) {
    return undefined;
  }
  return `More about ${others.length === 0 ? "it" : "each"}: cometform explain ${others.length === 0 ? code : "CODE"}`;
}

/** Says why a command could not go on, and tells the exit code. */
export async function reportTrouble(error: unknown, context: Context): Promise<ExitCode> {
  if (error instanceof BrokenRun) {
    return reportBug(error.cause, context, error.journal);
  }
  if (context.terminal.signal.aborted && !(error instanceof Failure)) {
    context.terminal.note("Interrupted. Nothing was changed.\n");
    return exitCodes.interrupted;
  }
  const failure = error instanceof Failure ? error : await toFailure(error);
  if (failure === undefined) {
    return reportBug(error, context);
  }
  if (context.flags.json === true) {
    writeJson(context, { formatVersion: 1, diagnostics: failure.diagnostics });
  }
  await showDiagnostics(context, failure.diagnostics, failure.sources);
  return failure.exit;
}

/** What the world got wrong, as a diagnostic; `undefined` for what we got wrong. */
async function toFailure(error: unknown): Promise<Failure | undefined> {
  const { ProviderError } = await import("../providers/provider.ts");
  if (!(error instanceof ProviderError)) {
    return undefined;
  }
  const { kind, message, reason, hint } = error;
  const diagnostic: Diagnostic = {
    severity: "error",
    code: codes[kind],
    // What fails by an exception was read: what is written is reported row by row.
    summary: message.startsWith("GET ") ? `Cannot read the app: ${message}` : message,
    ...(reason === undefined ? {} : { detail: reason }),
    ...(hint === undefined ? {} : { hint }),
  };
  return new Failure(exitCodes.unreachable, [diagnostic]);
}

async function reportBug(error: unknown, context: Context, journal?: string): Promise<ExitCode> {
  const { terminal, command, version } = context;
  const { escapeText } = await import("../render/escape.ts");
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  terminal.note(
    [
      "cometform failed unexpectedly. This is a bug of ours, not yours.",
      `   ${escapeText(reason)}`,
      `   Please report it with this text: cometform ${version}, ${command}, node ${process.version}, ${process.platform}.`,
      ...(journal === undefined
        ? []
        : [`   Calls were under way: ${journal} tells which; please attach it. --resume goes on.`]),
      "   COMETFORM_DEBUG=1 shows where it happened.\n",
    ].join("\n"),
  );
  if (terminal.environment["COMETFORM_DEBUG"] === "1" && error instanceof Error) {
    terminal.note(`${error.stack ?? ""}\n`);
  }
  return exitCodes.unexpected;
}
