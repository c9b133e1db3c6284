import { isJsonObject, type Json } from "../model/json.ts";
import type { Explanation, Finding } from "./finding.ts";
import { countBytes, findRepeated, listItems, toTexts } from "./keywords.ts";
import { formatCount, nameOf } from "./words.ts";

const code = "manifest/too-many";

/** A value whose JSON is too large. */
export function explainBytes({ error, path, value }: Finding): readonly Explanation[] {
  const size = formatCount(countBytes(value), "byte");
  const limit = formatCount(Number(error.schema));
  const summary = `${nameOf(path)} takes ${size} as JSON, the limit is ${limit}`;
  return [{ code: "manifest/too-long", summary, isAboutKey: true }];
}

/** A list that is too long whether or not there is a stack. */
export function explainItems(finding: Finding): readonly Explanation[] {
  const isSaidOtherwise = finding.isInStack && "x-maxItemsInStack" in finding.schema;
  return isSaidOtherwise ? [] : [tooMany(finding, Number(finding.error.params["limit"]))];
}

/** A list that is too long because the stack's mark goes with it. */
export function explainItemsInStack(finding: Finding): readonly Explanation[] {
  const detail = "One place is kept for the mark of the manifest's stack.";
  return finding.isInStack ? [{ ...tooMany(finding, Number(finding.error.schema)), detail }] : [];
}

function tooMany({ path, value }: Finding, limit: number): Explanation {
  const count = formatCount(Array.isArray(value) ? value.length : 0, "entry", "entries");
  const summary = `${nameOf(path)} has ${count}, the limit is ${formatCount(limit)}`;
  return { code, summary, isAboutKey: true };
}

/** Several lists that are too long together. */
export function explainTotal({ error, path, value }: Finding): readonly Explanation[] {
  const rule = isJsonObject(error.schema) ? error.schema : {};
  const items = isJsonObject(value) ? listItems(value, toTexts(rule["of"])) : [];
  const count = formatCount(items.length, "entry", "entries");
  const limit = formatCount(Number(rule["max"]));
  const summary = `${nameOf(path)} has ${count} in all, the limit is ${limit}`;
  return [{ code, summary, isAboutKey: true }];
}

/** Texts that stand in the same or in several lists more than once. */
export function explainRepeated({ error, path, value }: Finding): readonly Explanation[] {
  const items = isJsonObject(value) ? listItems(value, toTexts(error.schema as Json)) : [];
  return findRepeated(items).map((item) => ({
    code: "manifest/duplicate-member",
    summary: `"${item.text}" is listed twice`,
    path: [...path, ...item.path],
    first: [...path, ...item.first],
  }));
}

/** Two equal items of one list. */
export function explainTwice({ error, path, value }: Finding): readonly Explanation[] {
  const positions = [Number(error.params["i"]), Number(error.params["j"])];
  const last = Math.max(...positions);
  const item: Json = Array.isArray(value) ? (value[last] ?? null) : null;
  return [
    {
      code: "manifest/duplicate-item",
      summary: `${JSON.stringify(item)} is listed twice`,
      path: [...path, String(last)],
      first: [...path, String(Math.min(...positions))],
    },
  ];
}
