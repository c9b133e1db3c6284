import { isJsonObject } from "../model/json.ts";

/** Tells whether a value read from a file is as it should be. */
export type Shape = (value: unknown) => boolean;

/** Whether it is a text. */
export const isText: Shape = (value) => typeof value === "string";

/** Whether it is one of these. */
export function isOneOf(value: unknown, known: readonly unknown[]): boolean {
  return known.includes(value);
}

/** Whether it is an object that has texts under these names. */
export function texts(value: unknown, ...names: readonly string[]): boolean {
  return isJsonObject(value) && names.every((name) => typeof value[name] === "string");
}

/** Whether it is an object that has numbers under these names. */
export function numbers(value: unknown, ...names: readonly string[]): boolean {
  return isJsonObject(value) && names.every((name) => typeof value[name] === "number");
}

/** Whether it is a list of which every entry is as it should be. */
export function every(value: unknown, test: Shape): boolean {
  return Array.isArray(value) && value.every(test);
}
