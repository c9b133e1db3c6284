import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { explainRule } from "./explain-text.ts";
import type { Explanation, Finding } from "./finding.ts";
import { toTexts } from "./keywords.ts";
import { suggestionHint } from "./suggest.ts";
import { expectedType, foundType, joinNames, nameOf } from "./words.ts";

/** A null where there has to be a value, or a map that was begun and left empty. */
export function explainNull({ path, schema }: Finding): readonly Explanation[] {
  const name = nameOf(path);
  const code = "manifest/null-value";
  if (schema["type"] !== "object") {
    const detail = "null clears an attribute, and this one cannot be without a value.";
    const hint = "leave it out to leave it as it is";
    return [{ code, summary: `${name} cannot be null`, detail, hint }];
  }
  const isSection = path.length === 1 && isJsonObject(schema["additionalProperties"]);
  const effect = isSection ? ` to manage ${name} without declaring any` : "";
  const hint = `write "${name}: {}"${effect}, or remove the line`;
  return [{ code, summary: `${name} is empty`, hint, isAboutKey: true }];
}

/** A value of another type than the attribute has. */
export function explainType(finding: Finding): readonly Explanation[] {
  const { path, schema, value, written } = finding;
  if ("x-rule" in schema) {
    return explainRule(finding);
  }
  const types = [schema["type"] ?? []].flat() as readonly Json[];
  const expected = toTexts(types)
    .filter((type) => type !== "null")
    .map(expectedType);
  const summary = `${nameOf(path)} must be ${joinNames(expected, "or")}, not ${foundType(value)}`;
  const hint = quotingHint(expected, written);
  return [{ code: "manifest/wrong-type", summary, ...(hint === undefined ? {} : { hint }) }];
}

function quotingHint(expected: readonly string[], written: string | undefined): string | undefined {
  if (written === undefined || written.length > 60 || written.includes("\n")) {
    return undefined;
  }
  if (expected.includes("a string")) {
    return `write it in quotes: "${written}"`;
  }
  return expected.includes("a list") ? `write it as a list: [${written}]` : undefined;
}

/** A name that the map does not have. */
export function explainUnknown({ error, path, schema }: Finding): readonly Explanation[] {
  const unknown = String(error.params["additionalProperty"]);
  const known = isJsonObject(schema["properties"]) ? Object.keys(schema["properties"]) : [];
  return [
    {
      code: "manifest/unknown-attribute",
      summary: `unknown attribute "${unknown}"`,
      hint: `known here: ${known.join(", ")}`,
      ...suggestionHint(unknown, known),
      ...explainAbsent(schema, unknown),
      path: [...path, unknown],
      isAboutKey: true,
    },
  ];
}

/** Why a name that people expect here does not exist, and what to write instead. */
function explainAbsent(schema: JsonObject, name: string): Pick<Explanation, "detail" | "hint"> {
  const absent = isJsonObject(schema["x-absent"]) ? schema["x-absent"] : {};
  const reason = Object.hasOwn(absent, name) ? absent[name] : undefined;
  return isJsonObject(reason)
    ? { detail: String(reason["because"]), hint: String(reason["instead"]) }
    : {};
}

/** A name that the map has to have. */
export function explainMissing({ error, path }: Finding): readonly Explanation[] {
  const missing = String(error.params["missingProperty"]);
  return [
    {
      code: "manifest/missing-attribute",
      summary: `${nameOf(path)} has no ${missing}`,
      hint: path.length === 0 ? `begin with: ${missing}: 1` : `add ${missing}`,
      isAboutKey: true,
    },
  ];
}

/** A value that is none of those allowed. */
export function explainEnum({ error, path, value }: Finding): readonly Explanation[] {
  const allowed = toTexts(error.params["allowedValues"]);
  return [
    {
      code: "manifest/invalid-value",
      summary: `${nameOf(path)} must be ${joinNames(allowed, "or")}`,
      ...(typeof value === "string" ? suggestionHint(value, allowed) : {}),
    },
  ];
}

/** A value where only one is allowed. */
export function explainConst({ error, path }: Finding): readonly Explanation[] {
  const name = nameOf(path);
  const allowed = JSON.stringify(error.params["allowedValue"]);
  return [
    {
      code: "manifest/invalid-value",
      summary: `${name} must be ${allowed}`,
      hint: `write ${name}: ${allowed}`,
    },
  ];
}
