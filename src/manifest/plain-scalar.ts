import { interpolate, typedValue, type VariableScope } from "./interpolate.ts";

const words: ReadonlyMap<string, boolean | null> = new Map([
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
  ...["null", "Null", "NULL", "~"].map((word) => [word, null] as const),
]);

const integer = /^(?:0|-?[1-9][0-9]{0,14})$/;
/** Begins like one of YAML's other numbers, whatever follows. */
const numberLike = /^(?:[-+]?\.?[0-9]|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))/;
/** Has nothing in it but what numbers are made of. */
const numberOnly = /^[-+.0-9a-zA-Z]*$/;

/** The value of a scalar without quotes, in one line; `undefined` where YAML itself has to tell. */
export function plainValue(
  text: string,
  scope: VariableScope | undefined,
): string | number | boolean | null | undefined {
  const word = words.get(text);
  if (word !== undefined) {
    return word;
  }
  if (numberLike.test(text)) {
    if (integer.test(text)) {
      return Number(text);
    }
    if (numberOnly.test(text) && !/^[0-9]+(?:-[0-9]+)+$/.test(text)) {
      return undefined;
    }
  }
  const replaced = stringValue(text, scope);
  return replaced === undefined || replaced === text || scope === undefined
    ? replaced
    : typedValue(text, replaced, scope);
}

/**
 * A text with its variables replaced; `undefined` where something is wrong with them, or one is
 * sensitive: only YAML's reading keeps where those stand.
 */
export function stringValue(text: string, scope: VariableScope | undefined): string | undefined {
  if (scope === undefined || !text.includes("${")) {
    return text;
  }
  const { text: replaced, problems, isSensitive } = interpolate(text, scope);
  return problems.length === 0 && !isSensitive ? replaced : undefined;
}
