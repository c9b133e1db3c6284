import { isJsonObject } from "../json.ts";

/** What is wrong with a value, as the end of a sentence, or nothing. */
export type Check = (value: unknown) => string | undefined;

/** A whole number within bounds. */
export function wholeNumber(min: number, max: number): Check {
  return (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`;
}

/** A positive whole number. */
export const positive: Check = (value) =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0
    ? undefined
    : "must be a positive whole number";

/** A likelihood. */
export const likelihood: Check = (value) =>
  typeof value === "number" && value >= 0 && value <= 1 ? undefined : "must be from 0 to 1";

/** A text with something in it. */
export const text: Check = (value) =>
  typeof value === "string" && value !== "" ? undefined : "must be a text that is not empty";

/** A text that matches a pattern, or a sentence's end that says what it must be. */
export function textLike(pattern: RegExp, problem: string): Check {
  return (value) => (typeof value === "string" && pattern.test(value) ? undefined : problem);
}

/** One of a few texts. */
export function oneOf(...allowed: string[]): Check {
  return (value) =>
    typeof value === "string" && allowed.includes(value)
      ? undefined
      : `must be one of ${allowed.join(", ")}`;
}

/** A list with something in it, all of which passes a check. */
export function listOf(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value) || value.length === 0) return "must be a list that is not empty";
    const index = value.findIndex((entry) => check(entry) !== undefined);
    return index < 0 ? undefined : `[${index}] ${check(value[index])}`;
  };
}

/** A value that passes a check, or a list of such values. */
export function oneOrMore(check: Check): Check {
  return (value) => (Array.isArray(value) ? listOf(check)(value) : check(value));
}

/** Headers that can be sent and leave the length of the body alone. */
export const headers: Check = (value) => {
  if (!isJsonObject(value)) return "must be an object of header names and texts";
  const wrong = Object.entries(value).find(
    ([name, content]) => !headerNames.test(name) || !isHeaderText(content),
  );
  if (wrong !== undefined) return `.${wrong[0]} is no header with a text that could be sent`;
  const framing = Object.keys(value).find((name) => framingNames.test(name));
  return framing === undefined ? undefined : `.${framing} is for the emulator to set`;
};

const headerNames = /^[A-Za-z0-9-]+$/;
const framingNames = /^(?:content-length|transfer-encoding)$/i;

function isHeaderText(content: unknown): boolean {
  return typeof content === "string" && /^[\u0020-\u007e]*$/.test(content);
}
