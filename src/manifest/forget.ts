import type { Diagnostic, SourceRange } from "../model/diagnostic.ts";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import { type Address, toAddress } from "../model/resource.ts";
import { isExact, parseSelector, type Selector } from "../model/selector.ts";
import { formatPlace } from "./diagnostics.ts";
import { type ListItem, listItems } from "./keywords.ts";
import type { PolicyContext } from "./policy.ts";
import { explainSelector, type SelectorProblem } from "./selectors.ts";
import { joinNames } from "./words.ts";

interface Forgotten extends ListItem {
  readonly address: Address;
}

/** What is wrong with what is to be forgotten; the value may be any. */
export function checkForget(value: JsonObject, context: PolicyContext): readonly Diagnostic[] {
  const { kinds, locations } = context;
  const items = listItems(value, ["forget"]).filter(
    ({ path, text }) => text !== "" && !locations.isUnresolved(path),
  );
  const misnamed = items.flatMap(({ path, text }): readonly Diagnostic[] => {
    const problem = explainForget(text, kinds);
    return problem === undefined
      ? []
      : [{ severity: "error", ...problem, range: locations.locate(path) }];
  });
  const forgotten = toForgotten(items, kinds);
  return [
    ...misnamed,
    ...findTwice(forgotten, context),
    ...findDeclared(forgotten, value, context),
  ];
}

/** What a valid manifest wants to be forgotten, with where it says so. */
export function toForget(
  value: JsonObject,
  { kinds, locations }: PolicyContext,
): ReadonlyMap<Address, SourceRange> {
  const forgotten = toForgotten(listItems(value, ["forget"]), kinds);
  return new Map(forgotten.map(({ address, path }) => [address, locations.locate(path)]));
}

function explainForget(text: string, kinds: readonly KindSpec[]): SelectorProblem | undefined {
  const selector = parseSelector(text, kinds);
  const selected = kinds.filter(({ name }) => selector?.kinds.has(name));
  if (selector === undefined) {
    return explainSelector(text, kinds);
  }
  const code = "manifest/not-forgettable";
  if (selected.every(({ markable }) => !markable)) {
    const sections = kinds.flatMap(({ markable, section }) => (markable ? (section ?? []) : []));
    return {
      code,
      summary: `"${text}" carries no mark that could be taken off`,
      detail: `Only ${joinNames(sections, "and")} are marked as a stack's own.`,
      hint: "remove it from the list",
    };
  }
  return isExact(selector)
    ? undefined
    : {
        code,
        summary: `"${text}" is not one address`,
        hint: `write each one by itself: ${selected[0]?.name}/ID`,
      };
}

function toForgotten(items: readonly ListItem[], kinds: readonly KindSpec[]): readonly Forgotten[] {
  return items.flatMap((item) => {
    const selector = parseSelector(item.text, kinds);
    const isRight = selector !== undefined && explainForget(item.text, kinds) === undefined;
    return isRight ? [{ ...item, address: addressOf(selector) }] : [];
  });
}

function addressOf({ kinds }: Selector): Address {
  return [...kinds].map(([kind, key]) => toAddress(kind, key)).join();
}

/** The same text twice is found by the schema; here are those that only come to the same. */
function findTwice(
  forgotten: readonly Forgotten[],
  { locations }: PolicyContext,
): readonly Diagnostic[] {
  const firsts = new Map<Address, Forgotten>();
  return forgotten.flatMap((item): readonly Diagnostic[] => {
    const { address, text, path } = item;
    const first = firsts.get(address);
    firsts.set(address, first ?? item);
    return first === undefined || first.text === text
      ? []
      : [
          {
            severity: "error",
            code: "manifest/duplicate-item",
            summary: `"${text}" and "${first.text}" are the same address`,
            hint: `first at ${formatPlace(locations.locate(first.path))}`,
            range: locations.locate(path),
          },
        ];
  });
}

function findDeclared(
  forgotten: readonly Forgotten[],
  value: JsonObject,
  { kinds, locations }: PolicyContext,
): readonly Diagnostic[] {
  const declared = forgotten.length === 0 ? new Map() : pathsOfDeclared(value, kinds);
  return forgotten.flatMap(({ address, path }): readonly Diagnostic[] => {
    const entry = declared.get(address);
    return entry === undefined
      ? []
      : [
          {
            severity: "error",
            code: "manifest/forgotten-and-declared",
            summary: `${address} is to be forgotten, and it is declared`,
            detail: "What is declared is marked as this stack's own, so the mark would come back.",
            hint: `declared at ${formatPlace(locations.locateKey(entry))}; remove one of the two`,
            address,
            range: locations.locate(path),
          },
        ];
  });
}

function pathsOfDeclared(
  value: JsonObject,
  kinds: readonly KindSpec[],
): ReadonlyMap<Address, readonly string[]> {
  const pairs = kinds.flatMap(({ name, section = "", toKey }) => {
    const entries = value[section];
    const ids = isJsonObject(entries) ? Object.keys(entries) : [];
    return ids.map((id) => [toAddress(name, toKey(id)), [section, id]] as const);
  });
  return new Map(pairs);
}

/** That nothing can be forgotten, because the manifest does not say whose mark is to go. */
export function warnForget(
  { forget, stack }: JsonObject,
  { locations }: PolicyContext,
): readonly Diagnostic[] {
  const isVain = stack === undefined && Array.isArray(forget) && forget.length > 0;
  return isVain
    ? [
        {
          severity: "warning",
          code: "manifest/no-effect",
          summary: "forget has no effect without a stack",
          detail: "What is taken off is the mark of the manifest's own stack.",
          hint: "add stack: NAME with the name that the mark has",
          range: locations.locateKey(["forget"]),
        },
      ]
    : [];
}
