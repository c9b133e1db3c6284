import { Ajv, type ErrorObject } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import ajvFormats from "ajv-formats";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { wordsFor } from "./words.ts";

/** What a rule objects to in a document. */
export interface Objection {
  /** Where it is in the document, from its top. */
  readonly path: readonly string[];
  /** The rule's own words. */
  readonly message: string;
  /** Which keyword failed, in the words of JSON Schema. */
  readonly reason: string;
}

/** A JSON Schema over a document, ready to be asked. */
export type Rule = (document: object) => readonly Objection[];

/** Keywords whose own failure only says that something below them failed, which is told. */
const followers: ReadonlySet<string> = new Set(["if", "propertyNames"]);
/** Keywords for which one of many ways would do: what is wrong with each of these helps nobody. */
const choices: ReadonlySet<string> = new Set(["anyOf", "oneOf", "contains"]);

/** The drafts of JSON Schema that rules may be written in, by their names. */
export const drafts = [
  "https://json-schema.org/draft/2020-12/schema",
  "http://json-schema.org/draft-07/schema#",
] as const;

/** Whether a `$schema` names one of these drafts. */
export function isKnownDraft($schema: Json): boolean {
  const bare = (name: string): string => name.replace(/#$/, "");
  return typeof $schema === "string" && drafts.some((draft) => bare(draft) === bare($schema));
}

/**
 * Compiles a schema. What it refers to must be in it: nothing is fetched.
 *
 * @throws Error when it is no schema, or has a keyword or a format that is not known.
 */
export function toRule(schema: JsonObject, fallback: string): Rule {
  const validate = createAjv(schema).compile(schema);
  // One that answers later would be taken for a yes.
  if ("$async" in validate) throw new Error("an asynchronous schema cannot be asked");
  return (document) => {
    if (validate(document)) return [];
    return causesOf(validate.errors ?? []).map((error) => ({
      path: toPath(error),
      message: wordsFor(error.schemaPath, schema) ?? fallback,
      reason: reasonOf(error),
    }));
  };
}

function createAjv({ $schema }: JsonObject): Ajv | Ajv2020 {
  const options = {
    allErrors: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    strictTuples: false,
    addUsedSchema: false,
    logger: false,
  } as const;
  const isOlder = typeof $schema === "string" && $schema.includes("draft-07");
  const ajv = isOlder ? new Ajv(options) : new Ajv2020(options);
  ajvFormats.default(ajv);
  return ajv.addKeyword({ keyword: "message", schemaType: "string" });
}

/** The errors without those that only follow from another; never none where there are some. */
function causesOf(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const chosen = new Set(
    errors.filter(({ keyword }) => choices.has(keyword)).map(({ schemaPath }) => schemaPath),
  );
  const causes = errors.filter(
    ({ keyword, schemaPath }) =>
      !followers.has(keyword) && ![...chosen].some((path) => schemaPath.startsWith(`${path}/`)),
  );
  return causes.length > 0 ? causes : errors;
}

/** Of what is wrong with a key or missing, the path of that key. */
function toPath({ instancePath, propertyName, keyword, params }: ErrorObject): readonly string[] {
  const parents = instancePath
    .split("/")
    .slice(1)
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  const extra = propertyName ?? (keyword.endsWith("Properties") ? extraIn(params) : undefined);
  return extra === undefined ? parents : [...parents, extra];
}

function extraIn(params: unknown): string | undefined {
  const given = isJsonObject(params) ? params : {};
  const name = given["additionalProperty"] ?? given["unevaluatedProperty"];
  return typeof name === "string" ? name : undefined;
}

function reasonOf({
  message = "is not as the schema has it",
  params,
  keyword,
}: ErrorObject): string {
  if (keyword === "const" || keyword === "enum") {
    const { allowedValue, allowedValues = [allowedValue] } = params;
    return `must be ${allowedValues.map((value: unknown) => JSON.stringify(value)).join(" or ")}`;
  }
  return message;
}
