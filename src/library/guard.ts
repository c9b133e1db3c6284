import { isJsonObject } from "../model/json.ts";
import { InputError } from "./input-error.ts";

/**
 * Makes sure that an argument has members, as callers without types may give anything.
 *
 * @throws InputError where it has none.
 */
export function requireMembers(value: unknown, what: string, hint: string): void {
  if (!isJsonObject(value)) throw wrongArgument(`${what} is ${nameOf(value)}`, hint);
}

/**
 * Makes sure that these are texts with the names they are told by.
 *
 * @throws InputError for the first that is not.
 */
export function requireTexts(values: unknown, what: string): void {
  const hint = "Give a list of { file, text }: a name to tell it by, and what stands in it.";
  if (!Array.isArray(values)) throw wrongArgument(`${what} is ${nameOf(values)}`, hint);
  for (const [index, value] of values.entries()) {
    const place = `${what}[${index}]`;
    requireMembers(value, place, hint);
    requireText(value.file, `${place}.file`, hint);
    requireText(value.text, `${place}.text`, hint);
  }
}

function requireText(value: unknown, what: string, hint: string): void {
  if (typeof value !== "string") throw wrongArgument(`${what} is ${nameOf(value)}`, hint);
}

/**
 * Makes sure that something is a plan as far as its outline goes; whether it is whole, its digest tells.
 *
 * @throws InputError where it is none.
 */
export function requirePlan(value: unknown): void {
  const isPlan =
    isJsonObject(value) &&
    ["tool", "provider", "summary", "calls"].every((name) => isJsonObject(value[name])) &&
    ["changes", "steps", "diagnostics"].every((name) => Array.isArray(value[name]));
  if (isPlan) return;
  throw wrongArgument(
    isJsonObject(value) ? "This is no plan" : `The plan is ${nameOf(value)}`,
    "Give what plan resolves to, or the JSON of it that was kept, parsed.",
  );
}

/** An argument that is not what the function takes. */
export function wrongArgument(summary: string, hint: string): InputError {
  return new InputError({ code: "library/argument", summary, hint });
}

/** What a value is, in a word or two, and never what stands in it: that may be a key. */
export function nameOf(value: unknown): string {
  if (value === undefined) return "left out";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
