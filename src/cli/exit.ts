import type { Diagnostic } from "../model/diagnostic.ts";

/** The documented exit codes. */
export const exitCodes = {
  done: 0,
  unexpected: 1,
  pending: 2,
  invalid: 3,
  refused: 4,
  unfinished: 5,
  unreachable: 6,
  stale: 7,
  usage: 64,
  interrupted: 130,
} as const;

/** One of the documented exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What each exit code means, for the help. */
export const exitMeanings: { readonly [code in ExitCode]: string } = {
  0: "done, or nothing to do",
  1: "unexpected failure: a bug, or the machine",
  2: "changes are pending (plan --detailed-exitcode, fmt --check), or there is drift (drift)",
  3: "the manifest is invalid",
  4: "the plan is refused, or the manifest by a policy",
  5: "apply did not finish or did not converge; the report says what was done",
  6: "the app could not be reached or read, or refused the credentials",
  7: "the plan is stale or not the expected one, or it or the manifest is for another app",
  64: "wrong usage",
  130: "interrupted",
};

/** Why a command cannot go on, with the exit code that says so. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly exit: ExitCode;
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of the files the diagnostics point into, by name. */
  readonly sources: ReadonlyMap<string, string>;

  constructor(
    exit: ExitCode,
    diagnostics: readonly Diagnostic[],
    sources: ReadonlyMap<string, string> = new Map(),
  ) {
    super(diagnostics.map(({ summary }) => summary).join("; "));
    this.exit = exit;
    this.diagnostics = diagnostics;
    this.sources = sources;
  }
}

/** A failure with a single reason. */
export function fail(exit: ExitCode, reason: Omit<Diagnostic, "severity">): Failure {
  return new Failure(exit, [{ severity: "error", ...reason }]);
}

/** That a run broke off by a fault of ours, after calls may have been sent. */
export class BrokenRun extends Error {
  override readonly name = "BrokenRun";
  /** Where it is written down what was sent. */
  readonly journal: string;

  constructor(journal: string, cause: unknown) {
    super(`the run broke off; ${journal} tells how far it came`, { cause });
    this.journal = journal;
  }
}

/** A command line that cannot be understood: what is wrong with a flag's value. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
