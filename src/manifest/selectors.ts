import type { DiagnosticCode } from "../model/diagnostic-code.ts";
import type { KindSpec } from "../model/kind.ts";
import { parseSelector, type Selector } from "../model/selector.ts";
import { suggest } from "./suggest.ts";

/** What is wrong with a selector. */
export interface SelectorProblem {
  readonly code: DiagnosticCode;
  readonly summary: string;
  readonly detail?: string;
  readonly hint: string;
}

/** Why a text cannot mean anything that an app may have; nothing if it can. */
export function explainSelector(
  text: string,
  kinds: readonly KindSpec[],
): SelectorProblem | undefined {
  const [name = "", key] = splitSelector(text);
  const selector = parseSelector(text, kinds);
  if (selector !== undefined) {
    return explainChild(selector, kinds);
  }
  if (key !== "" || parseSelector(name, kinds) === undefined) {
    return unknownKind(name, key, kinds);
  }
  return {
    code: "manifest/invalid-value",
    summary: `"${text}" has no id`,
    hint: `write ${name}/ID, or ${name}/* for all of them`,
  };
}

function splitSelector(text: string): readonly [name: string, key?: string] {
  const slash = text.indexOf("/");
  return slash < 0 ? [text] : [text.slice(0, slash), text.slice(slash + 1)];
}

function unknownKind(
  name: string,
  key: string | undefined,
  kinds: readonly KindSpec[],
): SelectorProblem {
  const names = kinds.map((kind) => kind.name);
  const plurals = kinds.map((kind) => kind.section ?? `${kind.name}s`);
  const meant = suggest(name, key === undefined ? plurals : [...names, ...plurals]);
  const whole = key === undefined ? meant : `${meant}/${key}`;
  return {
    code: "manifest/unknown-kind",
    summary: `there is no kind "${name}"`,
    hint:
      meant === undefined
        ? `write KIND/ID with one of the kinds ${names.join(", ")}`
        : `did you mean "${whole}"?`,
  };
}

/** What lives in something else is named together with it. */
function explainChild(
  { text, kinds: selected }: Selector,
  kinds: readonly KindSpec[],
): SelectorProblem | undefined {
  const [, key = "*"] = splitSelector(text);
  const isChild = kinds.every(({ name, parent }) => !selected.has(name) || parent !== undefined);
  const parent = kinds.find(({ name }) => selected.has(name))?.parent;
  return isChild && !/[:*]/.test(key)
    ? {
        code: "manifest/invalid-value",
        summary: `"${text}" names the ${parent} only`,
        hint: `write ${text}:ID, or ${text}:* for all in that ${parent}`,
      }
    : undefined;
}
