import { loadManifest, type Neighbours, type OpenTable } from "../../src/manifest/load.ts";
import type { Diagnostic, Result } from "../../src/model/diagnostic.ts";
import type { Manifest } from "../../src/model/manifest.ts";
import { cometchat } from "../../src/providers/cometchat/index.ts";

/** Values for variables, by name. */
export interface Given {
  readonly variables?: { readonly [name: string]: string };
  readonly environment?: { readonly [name: string]: string | undefined };
  /** Tables by path. */
  readonly tables?: { readonly [path: string]: string | Uint8Array };
  /** Files that can be included, and overlays beside manifests, by path. */
  readonly files?: { readonly [path: string]: string };
  readonly env?: string;
  /** The file that gives a variable, by its name. */
  readonly variableFiles?: { readonly [name: string]: string };
  /** Into how many bytes tables are cut on their way. */
  readonly pieceBytes?: number;
}

/** Opens tables of these contents; a manifest's folder counts for nothing. */
function openTables({ tables = {}, pieceBytes = 65_536 }: Given): OpenTable {
  return (path) => {
    const content = Object.hasOwn(tables, path) ? tables[path] : undefined;
    if (content === undefined) {
      return { file: path, content: { summary: `the table ${path} does not exist`, hint: "look" } };
    }
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const count = Math.ceil(bytes.length / pieceBytes);
    const pieces = Array.from({ length: count }, (_, index) =>
      bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
    );
    return { file: path, content: { pieces } };
  };
}

/** Files that lie beside manifests; their folders count for nothing. */
function openFiles({ files = {} }: Given): Neighbours {
  const overlays = (manifest: string): readonly (readonly [env: string, file: string])[] =>
    Object.keys(files).flatMap((file) => {
      const [, stem, env] = /^(.+)\.([^.]+)\.yaml$/.exec(file) ?? [];
      return env !== undefined && `${stem}.yaml` === manifest ? [[env, file] as const] : [];
    });
  const sourceOf = (file: string) => ({ file, text: files[file] ?? "" });
  return {
    open: (path) =>
      Object.hasOwn(files, path)
        ? { sources: [sourceOf(path)] }
        : { summary: `${path} does not exist`, hint: "look" },
    overlays: (manifest, env) =>
      overlays(manifest).flatMap(([name, file]) => (name === env ? [sourceOf(file)] : [])),
    environments: (manifest) => overlays(manifest).map(([env]) => env),
  };
}

/** Loads manifest texts, by file; a text alone is the file `m.yaml`. */
export function loadText(
  texts: string | { readonly [file: string]: string },
  given: Given = {},
): Result<Manifest> {
  const { variables = {}, environment = {} } = given;
  const byFile = typeof texts === "string" ? { "m.yaml": texts } : texts;
  return loadManifest({
    sources: Object.entries(byFile).map(([file, text]) => ({ file, text })),
    variables: new Map(Object.entries(variables)),
    environment,
    schema: cometchat.schema,
    kinds: cometchat.kinds("vendor"),
    openTable: openTables(given),
    neighbours: openFiles(given),
    ...(given.env === undefined ? {} : { env: given.env }),
    variableFiles: new Map(Object.entries(given.variableFiles ?? {})),
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
