import type { Diagnostic, Result } from "../model/diagnostic.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { Manifest, ManifestProvider } from "../model/manifest.ts";
import { sortDiagnostics } from "./diagnostics.ts";
import { checkForget, toForget, warnForget } from "./forget.ts";
import { checkIds } from "./ids.ts";
import type { VariableScope } from "./interpolate.ts";
import { createLocations, type Placed } from "./locations.ts";
import { mergeTexts } from "./merge.ts";
import { readText } from "./parse.ts";
import { checkPolicy, type PolicyContext, toPolicy } from "./policy.ts";
import { type ManifestSchema, toManifestSchema } from "./schema.ts";
import type { ManifestSource } from "./source.ts";
import type { OpenTable } from "./table.ts";
import { loadTables } from "./tables.ts";
import { validateText } from "./validate.ts";

export type { ManifestSource } from "./source.ts";
export { isTable, type OpenTable, type Table } from "./table.ts";
export { parseVariables } from "./variable-file.ts";

/** What a manifest is made from and judged by. */
export interface LoadOptions extends VariableScope {
  readonly sources: readonly ManifestSource[];
  /** The provider's schema, with one attribute for each section. */
  readonly schema: JsonObject;
  readonly kinds: readonly KindSpec[];
  /** Opens the tables that manifests name; without it there are none. */
  readonly openTable?: OpenTable;
}

/** Reads a manifest from one or more texts, or says everything that is wrong with them. */
export function loadManifest(options: LoadOptions): Result<Manifest> {
  const schema = toManifestSchema(options.schema);
  const read = options.sources.map((source) => readText(source, schema.names, options));
  const unreadable = read.flatMap((result) => result.diagnostics);
  const texts = read.flatMap((result) => (result.ok ? [result.value] : []));
  const isComplete = unreadable.length === 0;
  const isInStack = texts.some(({ value }) => "stack" in value);
  const tables = loadTables(texts, { open: options.openTable, schema, isInStack });
  const files = [...new Set([...options.sources.map(({ file }) => file), ...tables.files])];
  const merged = mergeTexts(tables.texts, schema.sections);
  const places = tables.texts.map((text) => text.places);
  const locations = createLocations(places, files[0] ?? "-");
  const context = { kinds: options.kinds, locations };
  const diagnostics = sortDiagnostics(
    [
      ...unreadable,
      ...texts.flatMap((text) => text.diagnostics),
      ...validateAll(texts, schema, isComplete),
      ...tables.diagnostics,
      ...merged.diagnostics,
      ...checkIds(merged.value, {
        kinds: options.kinds,
        builtins: schema.builtins,
        locateKey: locations.locateKey,
      }),
      ...checkPolicy(merged.value, context),
      ...checkForget(merged.value, context),
      // A file that could not be read may name the stack.
      ...(isComplete ? warnForget(merged.value, context) : []),
    ],
    files,
  );
  if (diagnostics.some(({ severity }) => severity === "error")) {
    return { ok: false, diagnostics };
  }
  const value = { ...toManifest(merged.value, schema, context), files, locate: locations.locate };
  return { ok: true, value, diagnostics };
}

function validateAll(
  texts: readonly Placed[],
  schema: ManifestSchema,
  isComplete: boolean,
): readonly Diagnostic[] {
  const has = (name: string): boolean => texts.some(({ value }) => name in value);
  return texts.flatMap((text, index) =>
    validateText(text, schema, {
      isInStack: has("stack"),
      // A file that could not be read may tell it; and it is missed in one place only.
      isVersionElsewhere: has("version") || !isComplete || index > 0,
    }),
  );
}

function toManifest(
  value: JsonObject,
  schema: ManifestSchema,
  context: PolicyContext,
): Omit<Manifest, "files" | "locate"> {
  const { stack } = value;
  const sections = Object.entries(value).filter(([name]) => schema.sections.includes(name));
  return {
    version: 1,
    ...(typeof stack === "string" ? { stack } : {}),
    provider: toProvider(value["provider"]),
    policy: toPolicy(value, context),
    forget: toForget(value, context),
    sections: Object.fromEntries(sections) as Manifest["sections"],
  };
}

/** The schema has seen to the types; here the defaults are filled in. */
function toProvider(value: Json | undefined): ManifestProvider {
  return { name: "cometchat", ...(value as Partial<ManifestProvider> | undefined) };
}
