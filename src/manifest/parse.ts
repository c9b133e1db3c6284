import { isMap, isScalar, parseDocument } from "yaml";
import type { Diagnostic, Result } from "../model/diagnostic.ts";
import { composeText, type ParsedText } from "./compose.ts";
import type { VariableScope } from "./interpolate.ts";
import type { Placed } from "./locations.ts";
import { createLocator } from "./place.ts";
import { readPlain } from "./plain.ts";
import { createPlainPlaces } from "./plain-places.ts";
import { notManifest, screenStart, screenText } from "./screen.ts";
import { type IndexedText, indexText, type ManifestSource, parseOptions } from "./source.ts";
import { describeErrors } from "./syntax.ts";

const errorsShownMax = 20;

/** A manifest text as its value, with where things stand in it and what is wrong with it. */
export interface ReadText extends Placed {
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads one manifest text; `names` are the attributes a manifest can have at its top. */
export function readText(
  source: ManifestSource,
  names: readonly string[],
  scope: VariableScope,
): Result<ReadText> {
  const indexed = indexText(source);
  const obstacles = screenText(indexed, names);
  if (obstacles.length > 0) {
    return { ok: false, diagnostics: obstacles };
  }
  const plain = readPlain(indexed.text, scope);
  if (plain === undefined) {
    return readYaml(indexed, scope);
  }
  const places = createPlainPlaces(indexed, plain, () => {
    const read = readYaml(indexText(source), scope);
    if (!read.ok) {
      throw new Error("What was read as plain YAML is no YAML");
    }
    return read.value.places;
  });
  const value = { file: source.file, value: plain.value, places, diagnostics: [] };
  return { ok: true, value, diagnostics: [] };
}

/** Reads a text as whatever YAML it is. */
export function readYaml(indexed: IndexedText, scope: VariableScope): Result<ReadText> {
  const obstacles = screenStart(indexed);
  const parsed = obstacles.length > 0 ? undefined : parseYaml(indexed);
  if (parsed === undefined || !parsed.ok) {
    return { ok: false, diagnostics: parsed?.diagnostics ?? obstacles };
  }
  const composed = composeText(parsed.value, scope);
  const { file, value, diagnostics } = composed;
  const read = { file, value, places: createLocator(composed), diagnostics };
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
    code: "manifest/empty",
    summary: `${source.file} is empty`,
    hint: "begin with: version: 1",
  };
}
