import type { DiagnosticCode } from "../model/diagnostic-code.ts";
import { suggestionHint } from "./suggest.ts";

/** Where variables get their values: given ones first, then the environment. */
export interface VariableScope {
  readonly variables: ReadonlyMap<string, string>;
  readonly environment: { readonly [name: string]: string | undefined };
}

/** What is wrong with a variable in a text; `token` is the text it can be found by. */
export interface VariableProblem {
  readonly code: DiagnosticCode;
  readonly summary: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly token: string;
}

/** A text with its variables replaced, as far as that was possible. */
export interface Interpolated {
  readonly text: string;
  readonly problems: readonly VariableProblem[];
}

const tokens = /\$\$\{|\$\{([^{}]*)(\}?)/g;
const expression = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/;
const forbidden = /^COMETCHAT_(?:API_KEY|MANAGEMENT_.*)$/;

/** Whether a text is nothing but one variable without a default. */
export function isLoneVariable(text: string): boolean {
  return /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(text);
}

/** Whether a text is nothing but one variable, with or without a default. */
export function isWhollyVariable(text: string): boolean {
  return /^\$\{[A-Za-z_][A-Za-z0-9_]*(?::-[^{}]*)?\}$/.test(text);
}

/** Replaces `${NAME}` and `${NAME:-default}`; `$${` stands for a literal `${`. */
export function interpolate(text: string, scope: VariableScope): Interpolated {
  const problems: VariableProblem[] = [];
  const replaced = text.replaceAll(tokens, (token, inner: string | undefined, close: string) => {
    if (inner === undefined) {
      return "${";
    }
    const parts = close === "}" ? expression.exec(inner) : null;
    const outcome =
      parts?.[1] === undefined ? malformed(token) : resolve(parts[1], parts[2], token, scope);
    if (typeof outcome === "string") {
      return outcome;
    }
    problems.push(outcome);
    return token;
  });
  return { text: replaced, problems };
}

function resolve(
  name: string,
  fallback: string | undefined,
  token: string,
  scope: VariableScope,
): string | VariableProblem {
  if (forbidden.test(name)) {
    return {
      code: "manifest/forbidden-variable",
      summary: `\${${name}} cannot be used in a manifest`,
      detail: "A manifest that may name the API's keys could be changed to print them.",
      hint: "the keys are read from the environment, never from the manifest",
      token,
    };
  }
  const value = lookUp(name, scope);
  if (fallback !== undefined) {
    return value === undefined || value === "" ? fallback : value;
  }
  return value ?? unset(name, token, scope);
}

function lookUp(name: string, scope: VariableScope): string | undefined {
  const given = scope.variables.get(name);
  if (given !== undefined) {
    return given;
  }
  return Object.hasOwn(scope.environment, name) ? scope.environment[name] : undefined;
}

function unset(name: string, token: string, scope: VariableScope): VariableProblem {
  return {
    code: "manifest/unset-variable",
    summary: `variable ${name} is not set`,
    hint: `--var ${name}=… or export ${name}`,
    ...suggestionHint(name, scope.variables.keys()),
    token,
  };
}

function malformed(token: string): VariableProblem {
  return {
    code: "manifest/malformed-variable",
    summary: "this is not a variable",
    detail: "A variable is written ${NAME} or ${NAME:-default}; NAME has letters, digits and _.",
    hint: "write $${ for a literal ${",
    token,
  };
}
