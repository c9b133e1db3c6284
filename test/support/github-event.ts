import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../fixtures/github");

const files: { readonly [name: string]: string } = {
  pull_request: "pull-request.json",
  pull_request_target: "pull-request.json",
  push: "push.json",
};

/** A recorded event, with something in place of what it says. */
export function readEvent(name: string, instead: object = {}): object {
  const file = files[name];
  const recorded: object =
    file === undefined ? {} : JSON.parse(readFileSync(join(folder, file), "utf8"));
  return merge(recorded, instead);
}

function merge(value: object, instead: object): object {
  const merged = Object.entries(instead).map(([key, inner]) => {
    const before = (value as { readonly [name: string]: unknown })[key];
    const isBoth = isObject(before) && isObject(inner);
    return [key, isBoth ? merge(before, inner) : inner];
  });
  return { ...value, ...Object.fromEntries(merged) };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
