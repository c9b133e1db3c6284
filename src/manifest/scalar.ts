import type { Scalar } from "yaml";
import type { DiagnosticCode } from "../model/diagnostic-code.ts";
import type { Json } from "../model/json.ts";
import { interpolate, typedValue, type VariableScope } from "./interpolate.ts";
import { isPlain } from "./key.ts";

/** What is wrong with a node, or with the part of it from `start` to `end`. */
export interface ScalarProblem {
  readonly code: DiagnosticCode;
  readonly summary: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly start?: number;
  readonly end?: number;
  /** It has been said elsewhere. */
  readonly isTold?: true;
}

/** A scalar's value with variables replaced, and what is wrong with it. */
export interface ComposedScalar {
  readonly value: Json;
  readonly problems: readonly ScalarProblem[];
  /** Whether a sensitive variable is in it. */
  readonly isSensitive?: boolean;
}

/** The value of a scalar as JSON; a plain `${FLAG}` that is true or false becomes a boolean. */
export function composeScalar(
  node: Scalar,
  text: string,
  scope: VariableScope | undefined,
): ComposedScalar {
  const { value } = node;
  if (typeof value === "string") {
    return composeString(node, value, text, scope);
  }
  if (value === null || typeof value === "boolean") {
    return { value, problems: [] };
  }
  if (typeof value === "number" && isExact(value, node.source)) {
    return { value, problems: [] };
  }
  return {
    value: null,
    problems: [
      {
        code: "manifest/inexact-number",
        summary: "this number cannot be kept exactly",
        hint: "write it in quotes if it is an id, a phone number or the like",
      },
    ],
  };
}

/** Integers are often ids, of which no digit may change; other numbers are what they round to. */
function isExact(value: number, written = ""): boolean {
  const isInteger = /^[-+]?\d+$/.test(written);
  return (
    Number.isFinite(value) &&
    (!isInteger || Number.isSafeInteger(value) || String(value) === written)
  );
}

function composeString(
  node: Scalar,
  value: string,
  text: string,
  scope: VariableScope | undefined,
): ComposedScalar {
  if (scope === undefined || !value.includes("${")) {
    return { value, problems: [] };
  }
  const replaced = interpolate(value, scope);
  const problems = replaced.problems.map(({ token, ...words }) => ({
    ...words,
    ...findToken(node, token, text),
  }));
  const typed = isPlain(node) ? typedValue(value, replaced.text, scope) : replaced.text;
  return { value: typed, problems, isSensitive: replaced.isSensitive };
}

/** Quoting and folding may have changed the token; then the scalar as a whole is meant. */
function findToken(node: Scalar, token: string, text: string): { start?: number; end?: number } {
  const [from, to] = node.range ?? [0, 0];
  const start = text.slice(from, to).indexOf(token);
  return start === -1 ? {} : { start: from + start, end: from + start + token.length };
}
