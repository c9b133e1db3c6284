import { isJsonObject } from "../model/json.ts";
import type { Explanation, Finding } from "./finding.ts";
import { isLoneVariable } from "./interpolate.ts";
import { formatCount, nameOf } from "./words.ts";

/** A value that breaks the rule of its attribute, or of ids. */
export function explainRule({ error, path, schema }: Finding): readonly Explanation[] {
  const rule = String(schema["x-rule"]);
  const hint = schema["x-hint"];
  return error.propertyName === undefined
    ? [
        {
          code: "manifest/invalid-value",
          summary: `${nameOf(path)} must be ${rule}`,
          ...(typeof hint === "string" ? { hint } : {}),
        },
      ]
    : [
        {
          code: "manifest/bad-id",
          summary: `"${error.propertyName}" cannot be an id`,
          hint: `ids have ${rule}`,
          isAboutKey: true,
        },
      ];
}

/** A text that is empty or too long. */
export function explainLength({ error, path, value }: Finding): readonly Explanation[] {
  const text = error.propertyName ?? String(value);
  const isKey = error.propertyName !== undefined;
  const name = isKey ? "the id" : nameOf(path);
  const about: Partial<Explanation> = isKey ? { isAboutKey: true } : {};
  if (text === "") {
    return [{ code: "manifest/too-short", summary: `${name} is empty`, ...about }];
  }
  const length = formatCount([...text].length, "character");
  const limit = formatCount(Number(error.params["limit"]));
  const summary = `${name} is ${length} long, the limit is ${limit}`;
  return [{ code: "manifest/too-long", summary, ...about }];
}

/** A text that is set aside for the service or for cometform. */
export function explainReserved({ error, value }: Finding): readonly Explanation[] {
  const rule = isJsonObject(error.schema) ? error.schema : {};
  return [
    {
      code: "manifest/reserved",
      summary: `"${error.propertyName ?? String(value)}" is reserved`,
      detail: String(rule["because"]),
      ...(error.propertyName === undefined ? {} : { isAboutKey: true }),
    },
  ];
}

/** A secret that was not written as a variable; its value is not repeated. */
export function explainSecret({
  path,
  template,
  value,
  isInTable,
}: Finding): readonly Explanation[] {
  const name = nameOf(path);
  if (value === null) {
    return [];
  }
  if (template === undefined || !isLoneVariable(template)) {
    return [
      {
        code: "manifest/literal-secret",
        summary: `${name} must be a variable and nothing else`,
        detail: "Manifests are shared, so secrets do not stand in them, not even as a default.",
        hint: isInTable
          ? `declare this entry in the manifest itself, with ${name}: \${NAME}`
          : `write ${name}: \${NAME}`,
      },
    ];
  }
  return typeof value === "string"
    ? []
    : [
        {
          code: "manifest/wrong-type",
          summary: `${name} must be a string`,
          hint: 'write the variable in quotes: "${NAME}"',
        },
      ];
}
