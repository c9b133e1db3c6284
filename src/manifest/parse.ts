import { isMap, isScalar, parseDocument } from "yaml";
import type { Diagnostic, Result } from "../model/diagnostic.ts";
import { composeText } from "./compose.ts";
import type { ParsedText } from "./composition.ts";
import type { VariableScope } from "./interpolate.ts";
import type { Placed } from "./locations.ts";
import { createLocator, findNodes } from "./place.ts";
import { readPlain } from "./plain.ts";
import { createPlainPlaces } from "./plain-places.ts";
import { notManifest, screenStart, screenText } from "./screen.ts";
import { type IndexedText, indexText, type ManifestSource, parseOptions } from "./source.ts";
import { describeErrors } from "./syntax.ts";

const errorsShownMax = 20;

/** The code of a text with nothing in it. */
export const EMPTY = "manifest/empty";

/** A manifest text as its value, with where things stand in it and what is wrong with it. */
export interface ReadText extends Placed {
  readonly file: string;
  /** Where sensitive variables stand. */
  readonly sensitive: readonly (readonly string[])[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A manifest text that can be read more than once. */
export interface ManifestText {
  readonly file: string;
  /** Whether one of these keys may stand in it; where not, it certainly does not. */
  mayHave(keys: readonly string[]): boolean;
  /** Reads it; without a scope, variables are text. */
  read(scope?: VariableScope): Result<ReadText>;
}

/** Makes a manifest text ready; `names` are the attributes a manifest can have at its top. */
export function openText(source: ManifestSource, names: readonly string[]): ManifestText {
  const indexed = indexText(source);
  let tree: Result<ParsedText> | undefined;
  // Of its own, because the parser adds to what is known of the lines.
  const parse = (): Result<ParsedText> => {
    tree ??= parseText(indexText(source));
    return tree;
  };
  return {
    file: source.file,
    // A key may be written with escapes.
    mayHave: (keys) => [...keys, "\\"].some((part) => indexed.text.includes(part)),
    read(scope) {
      const obstacles = screenText(indexed, names);
      if (obstacles.length > 0) {
        return { ok: false, diagnostics: obstacles };
      }
      const plain = readPlain(indexed.text, scope);
      if (plain === undefined) {
        return composeParsed(parse(), scope);
      }
      const places = createPlainPlaces(indexed, plain, (text) => {
        const isWhole = text === indexed.text;
        const read = composeParsed(
          isWhole ? parse() : parseYaml(indexText({ ...source, text })),
          scope,
        );
        if (!read.ok) {
          throw new Error("What was read as plain YAML is no YAML");
        }
        return read.value.places;
      });
      const { value } = plain;
      const read = { file: source.file, value, places, sensitive: [], diagnostics: [] };
      return { ok: true, value: read, diagnostics: [] };
    },
  };
}

/** Reads a text as whatever YAML it is. */
export function readYaml(indexed: IndexedText, scope?: VariableScope): Result<ReadText> {
  return composeParsed(parseText(indexed), scope);
}

function parseText(indexed: IndexedText): Result<ParsedText> {
  const obstacles = screenStart(indexed);
  return obstacles.length > 0 ? { ok: false, diagnostics: obstacles } : parseYaml(indexed);
}

function composeParsed(
  parsed: Result<ParsedText>,
  scope: VariableScope | undefined,
): Result<ReadText> {
  if (!parsed.ok) {
    return parsed;
  }
  const composed = composeText(parsed.value, scope);
  const { file, value, diagnostics } = composed;
  const sensitive = findNodes(composed, composed.sensitive);
  const read = { file, value, places: createLocator(composed), sensitive, diagnostics };
  return { ok: true, value: read, diagnostics: [] };
}

/** Parses a text into its syntax tree, or says what is wrong with it. */
export function parseYaml(indexed: IndexedText): Result<ParsedText> {
  const document = parseDocument(indexed.text, { ...parseOptions, lineCounter: indexed.lines });
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    return { ok: false, diagnostics: describeErrors(indexed, errors, errorsShownMax) };
  }
  const { contents } = document;
  if (isMap(contents)) {
    return { ok: true, value: { ...indexed, root: contents }, diagnostics: [] };
  }
  const isEmpty = contents === null || (isScalar(contents) && contents.value === null);
  return { ok: false, diagnostics: [isEmpty ? emptyText(indexed) : notManifest(indexed)] };
}

function emptyText(source: IndexedText): Diagnostic {
  return {
    ...notManifest(source),
    code: EMPTY,
    summary: `${source.file} is empty`,
    hint: "begin with: version: 1",
  };
}
