import { loadManifest } from "../../src/manifest/load.ts";
import type { Diagnostic, Result } from "../../src/model/diagnostic.ts";
import type { Manifest } from "../../src/model/manifest.ts";
import { cometchat } from "../../src/providers/cometchat/index.ts";

/** Values for variables, by name. */
export interface Given {
  readonly variables?: { readonly [name: string]: string };
  readonly environment?: { readonly [name: string]: string | undefined };
}

/** Loads manifest texts, by file; a text alone is the file `m.yaml`. */
export function loadText(
  texts: string | { readonly [file: string]: string },
  { variables = {}, environment = {} }: Given = {},
): Result<Manifest> {
  const byFile = typeof texts === "string" ? { "m.yaml": texts } : texts;
  return loadManifest({
    sources: Object.entries(byFile).map(([file, text]) => ({ file, text })),
    variables: new Map(Object.entries(variables)),
    environment,
    schema: cometchat.schema,
    kinds: cometchat.kinds("vendor"),
  });
}

/** The manifest, if it is valid and nothing is to be said about it. */
export function manifestOf(texts: Parameters<typeof loadText>[0], given?: Given): Manifest {
  const result = loadText(texts, given);
  if (!result.ok || result.diagnostics.length > 0) {
    throw new Error(listProblems(result.diagnostics).join("\n"));
  }
  return result.value;
}

/** What is wrong with manifest texts, each in one line: place, code, summary, hint. */
export function problemsOf(
  texts: Parameters<typeof loadText>[0],
  given?: Given,
): readonly string[] {
  return listProblems(loadText(texts, given).diagnostics);
}

/** Diagnostics in one line each; warnings are marked. */
export function listProblems(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ severity, code, summary, hint, range }) => {
    const place = range === undefined ? "" : `${range.file}:${range.line}:${range.column} `;
    const sign = severity === "error" ? "" : "warning ";
    return `${place}${sign}${code}: ${summary}${hint === undefined ? "" : ` (${hint})`}`;
  });
}
