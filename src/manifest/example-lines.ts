import { stringify } from "yaml";
import type { Json } from "../model/json.ts";

/** An example of a value as it would stand in a manifest; no lines where there is none. */
export function exampleLines(key: string, value: Json | undefined): readonly string[] {
  return value === undefined
    ? []
    : stringify({ [key]: value }, { lineWidth: 0 })
        .trimEnd()
        .split("\n");
}
