import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { type Details, invalid } from "./refusal.ts";

/** What is wrong with a value, as the end of a sentence, or nothing. */
export type Rule = (value: Json) => string | undefined;

/** The rules of a request body by attribute; attributes without a rule are ignored. */
export type Rules = Readonly<Record<string, Rule>>;

const metadataBytesMax = 5 * 1024;

/** The largest body of a call that creates or updates a user or a group (documented: 10 KB). */
export const bodyBytesMax: number = 10 * 1024;

/** A text of at most so many characters. */
export function text(charactersMax: number, charactersMin = 0): Rule {
  return (value) => {
    if (typeof value !== "string") return "must be a string.";
    if (charactersMin > 0 && value.trim() === "") return "field is required.";
    if (longerThan(value, charactersMax)) {
      return `may not be greater than ${charactersMax} characters.`;
    }
    return undefined;
  };
}

/** A text of at most so many characters that matches a pattern. */
export function textLike(pattern: RegExp, charactersMax: number): Rule {
  const length = text(charactersMax);
  return (value) =>
    length(value) ?? (pattern.test(String(value)) ? undefined : "format is invalid.");
}

/** An http or https address of at most so many characters. */
export function address(charactersMax: number, schemes: RegExp = /^https?:\/\//i): Rule {
  const length = text(charactersMax);
  return (value) => {
    const problem = length(value);
    if (problem !== undefined) return problem;
    return schemes.test(String(value)) && URL.canParse(String(value))
      ? undefined
      : "format is invalid.";
  };
}

/** One of a few texts. */
export function oneOf(...allowed: string[]): Rule {
  return (value) =>
    typeof value === "string" && allowed.includes(value)
      ? undefined
      : `must be one of ${allowed.join(", ")}.`;
}

/** True or false. */
export const flag: Rule = (value) =>
  typeof value === "boolean" ? undefined : "field must be true or false.";

/** A whole number, or one written as a text. */
export const wholeNumber: Rule = (value) =>
  /^\d+$/.test(String(value)) ? undefined : "must be an integer.";

/** An object; the empty array passes for the empty object. */
export const objectLike: Rule = (value) =>
  isJsonObject(value) || (Array.isArray(value) && value.length === 0)
    ? undefined
    : "must be an object.";

/** Metadata of a user or a group (documented: 5 KB). */
export const metadata: Rule = (value) =>
  objectLike(value) ??
  (Buffer.byteLength(JSON.stringify(value)) > metadataBytesMax
    ? `may not be greater than ${metadataBytesMax} bytes.`
    : undefined);

/** An array of texts, each of at most so many characters. */
export function texts(countMax: number, charactersMax: number): Rule {
  const rule = text(charactersMax, 1);
  return (value) => {
    if (!Array.isArray(value)) return "must be an array.";
    if (value.length > countMax) return `may not have more than ${countMax} items.`;
    return value.map(rule).find((problem) => problem !== undefined);
  };
}

/** An array of texts out of a few. */
export function textsOutOf(...allowed: string[]): Rule {
  const rule = oneOf(...allowed);
  return (value) =>
    Array.isArray(value)
      ? value.map(rule).find((problem) => problem !== undefined)
      : "must be an array.";
}

/** Tags (documented: 25 of 100 characters each). */
export const tags: Rule = texts(25, 100);

/**
 * Checks a body against its rules.
 *
 * @throws ApiRefusal that names every attribute with a problem.
 */
export function check(body: JsonObject, rules: Rules, required: readonly string[] = []): void {
  const details: Details = {};
  for (const name of required) {
    if (body[name] === undefined) details[name] = [`The ${name} field is required.`];
  }
  for (const [name, rule] of Object.entries(rules)) {
    const value = body[name];
    const problem = value === undefined ? undefined : rule(value);
    if (problem !== undefined) details[name] = [`The ${name} ${problem}`];
  }
  if (Object.keys(details).length > 0) throw invalid(details);
}

/** An id as it is kept: in lower case (documented), or nothing if it breaks the rule for ids. */
export function storedId(id: string): string | undefined {
  return /^[A-Za-z0-9_-]{1,100}$/.test(id) ? id.toLowerCase() : undefined;
}

function longerThan(value: string, charactersMax: number): boolean {
  // A text never has more characters than UTF-16 units, so short ones need no counting.
  return value.length > charactersMax && [...value].length > charactersMax;
}
