import type { ErrorObject } from "ajv";
import type { DiagnosticCode } from "../model/diagnostic-code.ts";
import type { Json, JsonObject } from "../model/json.ts";

/** What the schema objects to, with what is known about the place. */
export interface Finding {
  readonly error: ErrorObject;
  /** Where it is; for a rule about a key, the path of that key. */
  readonly path: readonly string[];
  readonly value: Json;
  /** The schema whose keyword failed. */
  readonly schema: JsonObject;
  /** A scalar as it stands in the file, quotes included. */
  readonly written?: string;
  /** A string before its variables were replaced. */
  readonly template?: string;
  /** Whether the manifest belongs to a stack. */
  readonly isInStack: boolean;
  /** Whether it stands in a table, in which there are no variables. */
  readonly isInTable: boolean;
}

/** A problem in words. */
export interface Explanation {
  readonly code: DiagnosticCode;
  readonly summary: string;
  readonly detail?: string;
  readonly hint?: string;
  /** The place that is shown; the finding's own where it is left out. */
  readonly path?: readonly string[];
  /** The key is what is wrong, not the value. */
  readonly isAboutKey?: true;
  /** The place of the first of two, which the hint then names. */
  readonly first?: readonly string[];
}

/** Puts what one keyword of the schema objects to into words. */
export type Explain = (finding: Finding) => readonly Explanation[];
