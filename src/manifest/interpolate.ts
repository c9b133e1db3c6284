import type { DiagnosticCode } from "../model/diagnostic-code.ts";
import { suggestionHint } from "./suggest.ts";

/** Where variables get their values: given ones first, then the environment. */
export interface VariableScope {
  readonly variables: ReadonlyMap<string, string>;
  readonly environment: { readonly [name: string]: string | undefined };
  /** What manifests say about variables, by name; these have the values that are found there. */
  readonly declared?: ReadonlyMap<string, DeclaredVariable>;
  /** The environment whose overlay is used: in those of the others a variable needs no value. */
  readonly env?: string;
}

/** A variable that a manifest declares. */
export interface DeclaredVariable {
  /** Nothing where nobody gives one, or where it is wrong. */
  readonly value?: string | number | boolean;
  /** Its value is none of those it may have, which has been said. */
  readonly isBad: boolean;
  readonly isSensitive: boolean;
  readonly description?: string;
}

/** What is wrong with a variable in a text; `token` is the text it can be found by. */
export interface VariableProblem {
  readonly code: DiagnosticCode;
  readonly summary: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly token: string;
  /** It has been said where the variable is declared. */
  readonly isTold?: true;
}

/** A text with its variables replaced, as far as that was possible. */
export interface Interpolated {
  readonly text: string;
  readonly problems: readonly VariableProblem[];
  /** Whether a sensitive variable is in it. */
  readonly isSensitive: boolean;
}

/** The code of a variable that has no value. */
export const UNSET = "manifest/unset-variable";

const tokens = /\$\$\{|\$\{([^{}]*)(\}?)/g;
const expression = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/;
const forbidden = /^COMETCHAT_(?:API_KEY|MANAGEMENT_.*)$/;

/** Whether a text is nothing but one variable without a default. */
export function isLoneVariable(text: string): boolean {
  return /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(text);
}

const flags: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

/**
 * What a text without quotes stands for, once its variables are replaced: one that is nothing but a
 * declared variable has its type, any other that is true or false becomes a boolean.
 */
export function typedValue(
  text: string,
  replaced: string,
  { declared }: VariableScope,
): string | number | boolean {
  const name = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-[^{}]*)?\}$/.exec(text)?.[1];
  if (name === undefined) {
    return replaced;
  }
  const variable = declared?.get(name);
  return (variable === undefined ? flags.get(replaced) : variable.value) ?? replaced;
}

/** Replaces `${NAME}` and `${NAME:-default}`; `$${` stands for a literal `${`. */
export function interpolate(text: string, scope: VariableScope): Interpolated {
  const problems: VariableProblem[] = [];
  let isSensitive = false;
  const replaced = text.replaceAll(tokens, (token, inner: string | undefined, close: string) => {
    if (inner === undefined) {
      return "${";
    }
    const parts = close === "}" ? expression.exec(inner) : null;
    isSensitive ||= scope.declared?.get(parts?.[1] ?? "")?.isSensitive === true;
    const outcome =
      parts?.[1] === undefined ? malformed(token) : resolve(parts[1], parts[2], token, scope);
    if (typeof outcome === "string") {
      return outcome;
    }
    problems.push(outcome);
    return token;
  });
  return { text: replaced, problems, isSensitive };
}

function resolve(
  name: string,
  fallback: string | undefined,
  token: string,
  scope: VariableScope,
): string | VariableProblem {
  if (isForbidden(name)) {
    return { ...forbiddenWords(name), token };
  }
  const declared = scope.declared?.get(name);
  if (declared !== undefined) {
    return fallback === undefined
      ? declaredText(name, declared, token)
      : declaredTwice(name, token);
  }
  const value = lookUp(name, scope);
  if (fallback !== undefined) {
    return value === undefined || value === "" ? fallback : value;
  }
  return value ?? unset(name, token, scope);
}

/** Whether a variable could hold one of the API's keys. */
export function isForbidden(name: string): boolean {
  return forbidden.test(name);
}

/** Why a variable cannot be used. */
export function forbiddenWords(name: string): Omit<VariableProblem, "token"> {
  return {
    code: "manifest/forbidden-variable",
    summary: `\${${name}} cannot be used in a manifest`,
    detail: "A manifest that may name the API's keys could be changed to print them.",
    hint: "the keys are read from the environment, never from the manifest",
  };
}

function declaredText(
  name: string,
  { value, isBad, description }: DeclaredVariable,
  token: string,
): string | VariableProblem {
  if (value !== undefined) {
    return String(value);
  }
  return {
    code: UNSET,
    summary: `variable ${name} is not set`,
    ...(description === undefined ? {} : { detail: `${name}: ${description}` }),
    hint: `--var ${name}=… or export ${name}`,
    token,
    ...(isBad ? { isTold: true } : {}),
  };
}

function declaredTwice(name: string, token: string): VariableProblem {
  return {
    code: "manifest/malformed-variable",
    summary: `${name} is declared, so its default stands there`,
    hint: `write \${${name}}, and default: under variables`,
    token,
  };
}

/** The value of a variable that is given or in the environment. */
export function lookUp(name: string, scope: VariableScope): string | undefined {
  const given = scope.variables.get(name);
  if (given !== undefined) {
    return given;
  }
  return Object.hasOwn(scope.environment, name) ? scope.environment[name] : undefined;
}

function unset(name: string, token: string, scope: VariableScope): VariableProblem {
  return {
    code: UNSET,
    summary: `variable ${name} is not set`,
    hint: `--var ${name}=… or export ${name}`,
    ...suggestionHint(name, [...scope.variables.keys(), ...(scope.declared?.keys() ?? [])]),
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
