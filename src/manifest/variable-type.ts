import type { Json, JsonObject } from "../model/json.ts";
import { joinNames } from "./words.ts";

/** What a value of a variable should have been. */
export interface BadVariable {
  readonly must: string;
  readonly hint: string;
}

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A text that is given for a variable, as a value of its type; as it is where it has another. */
export function convertVariable(text: string, { type }: JsonObject): string | number | boolean {
  if (type === "number" && number.test(text)) {
    return Number(text);
  }
  return type === "boolean" && (text === "true" || text === "false") ? text === "true" : text;
}

/** Why a value is none that a variable of this declaration may have. */
export function describeVariable(
  value: Json | undefined,
  { type = "string", enum: choices }: JsonObject,
): BadVariable | undefined {
  const name = String(type);
  if (typeof value !== name || (typeof value === "number" && !isExact(value))) {
    const hint =
      typeof value === "string"
        ? "write it without quotes, or declare another type"
        : `add type: ${typeof value}, or write it in quotes`;
    return { must: words.get(name) ?? name, hint };
  }
  return Array.isArray(choices) && !choices.includes(value)
    ? { must: joinNames(choices.map(String), "or"), hint: "choose one of them" }
    : undefined;
}

const words: ReadonlyMap<string, string> = new Map([
  ["string", "a string"],
  ["number", "a number"],
  ["boolean", "true or false"],
]);

/** Integers beyond these lose digits. */
function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}
