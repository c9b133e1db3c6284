import type { DiagnosticCode } from "./diagnostic-code.ts";
import type { Address } from "./resource.ts";

/** A place in a manifest file. Lines and columns count from 1; `endColumn` is exclusive. */
export interface SourceRange {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn?: number;
}

/**
 * What the user got wrong, or should know, as data. Diagnostics are collected, sorted and rendered
 * last; they are never thrown.
 */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly code: DiagnosticCode;
  /** What is wrong, in one line that names the thing it is about. */
  readonly summary: string;
  /** Why it is wrong, in full sentences. */
  readonly detail?: string;
  /** What to do next. */
  readonly hint?: string;
  readonly address?: Address;
  readonly range?: SourceRange;
}

/** A value, or the reasons why there is none. Warnings may come with a value. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };
