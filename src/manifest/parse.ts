import { isMap, isScalar, parseDocument, type YAMLMap } from "yaml";
import type { Diagnostic, Result } from "../model/diagnostic.ts";
import { notManifest, screenText } from "./screen.ts";
import { type IndexedText, indexText, type ManifestSource, parseOptions } from "./source.ts";
import { describeErrors } from "./syntax.ts";

/** A text and its syntax tree, of which the top is a map. */
export interface ParsedText extends IndexedText {
  readonly root: YAMLMap;
}

const errorsShownMax = 20;

/** Parses one manifest text; `names` are the attributes a manifest can have at its top. */
export function parseText(source: ManifestSource, names: readonly string[]): Result<ParsedText> {
  const indexed = indexText(source);
  const obstacles = screenText(indexed, names);
  if (obstacles.length > 0) {
    return { ok: false, diagnostics: obstacles };
  }
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
