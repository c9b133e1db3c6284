import type { Diagnostic, Result } from "../model/diagnostic.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { Manifest, ManifestProvider } from "../model/manifest.ts";
import { assemble } from "./assemble.ts";
import { declareVariables, type VariableOptions } from "./declarations.ts";
import { sortDiagnostics } from "./diagnostics.ts";
import {
  checkEnvironment,
  checkOverlayFiles,
  overlaysIn,
  validateOverlays,
} from "./environments.ts";
import { checkForget, toForget, warnForget } from "./forget.ts";
import { type Gathered, type GatheredText, type GatherOptions, gatherTexts } from "./gather.ts";
import { checkIds } from "./ids.ts";
import type { VariableScope } from "./interpolate.ts";
import type { ReadText } from "./parse.ts";
import { checkPolicy, type PolicyContext, toPolicy } from "./policy.ts";
import { type ManifestSchema, toManifestSchema } from "./schema.ts";
import { findExposed } from "./sensitive.ts";
import type { OpenTable } from "./table.ts";
import { validateText } from "./validate.ts";

export type { Included, Neighbours } from "./neighbours.ts";
export type { ManifestSource } from "./source.ts";
export { isTable, type OpenTable, type Table } from "./table.ts";
export { parseVariables } from "./variable-file.ts";

/** What a manifest is made from and judged by. */
export interface LoadOptions
  extends Pick<VariableOptions, "variables" | "environment" | "variableFiles">,
    GatherOptions {
  /** The provider's schema, with one attribute for each section. */
  readonly schema: JsonObject;
  readonly kinds: readonly KindSpec[];
  /** Opens the tables that manifests name; without it there are none. */
  readonly openTable?: OpenTable;
}

/** Reads a manifest from one or more texts, or says everything that is wrong with them. */
export function loadManifest(options: LoadOptions): Result<Manifest> {
  const schema = toManifestSchema(options.schema);
  const gathered = gatherTexts(options, schema.names);
  const declared = declareVariables(gathered, options);
  const scope = { ...options, declared: declared.variables };
  const texts = readTexts(gathered.texts, scope);
  const files = readTexts(gathered.overlays, scope);
  const read = [...texts.read, ...files.read];
  const exposed = [...declared.exposed, ...findExposed(read, options.kinds)];
  if (exposed.length > 0) {
    // Whatever else there is to tell could show the secrets.
    return { ok: false, diagnostics: sortDiagnostics(exposed, filesOf(gathered)) };
  }
  const unreadable = [...gathered.diagnostics, ...texts.unreadable, ...files.unreadable];
  const overlays = [...overlaysIn(texts.read, options.env ?? ""), ...files.read];
  const isInStack = [...texts.read, ...overlays].some(({ value }) => "stack" in value);
  const context = { isInStack, isComplete: unreadable.length === 0 };
  const whole = assemble(texts.read, overlays, { ...context, schema, open: options.openTable });
  const { value, places, tables } = whole;
  const all = [...new Set([...filesOf(gathered), ...tables])];
  const judged = { kinds: options.kinds, locations: places };
  const diagnostics = sortDiagnostics(
    [
      ...unreadable,
      ...declared.diagnostics,
      ...read.flatMap((text) => text.diagnostics),
      ...checkEnvironment(texts.read, overlays, options),
      ...checkOverlayFiles(files.read),
      ...validateAll({ ...context, texts: texts.read, files: files.read }, schema),
      ...whole.diagnostics,
      ...checkIds(value, {
        kinds: options.kinds,
        builtins: schema.builtins,
        locateKey: places.locateKey,
      }),
      ...checkPolicy(value, judged),
      ...checkForget(value, judged),
      // A file that could not be read may name the stack.
      ...(context.isComplete ? warnForget(value, judged) : []),
    ],
    all,
  );
  if (diagnostics.some(({ severity }) => severity === "error")) {
    return { ok: false, diagnostics };
  }
  const manifest = { ...toManifest(value, schema, judged), files: all, locate: places.locate };
  return { ok: true, value: manifest, diagnostics };
}

function readTexts(
  texts: readonly GatheredText[],
  scope: VariableScope,
): { readonly read: readonly ReadText[]; readonly unreadable: readonly Diagnostic[] } {
  const results = texts.map(({ text }) => text.read(scope));
  return {
    read: results.flatMap((result) => (result.ok ? [result.value] : [])),
    unreadable: results.flatMap(({ diagnostics }) => diagnostics),
  };
}

function filesOf({ texts, overlays }: Gathered): readonly string[] {
  return [...texts, ...overlays].map(({ text }) => text.file);
}

interface Judged {
  readonly texts: readonly ReadText[];
  /** Overlays that are files of their own. */
  readonly files: readonly ReadText[];
  readonly isInStack: boolean;
  readonly isComplete: boolean;
}

function validateAll(
  { texts, files, isInStack, isComplete }: Judged,
  schema: ManifestSchema,
): readonly Diagnostic[] {
  const hasVersion = texts.some(({ value }) => "version" in value);
  const own = texts.flatMap((text, index) =>
    // A file that could not be read may tell it; and it is missed in one place only.
    validateText(text, schema, {
      isInStack,
      isVersionElsewhere: hasVersion || !isComplete || index > 0,
    }),
  );
  const overlays = [...overlaysIn(texts), ...files];
  const context = { isInStack, isVersionElsewhere: true };
  return [...own, ...validateOverlays(overlays, schema, context)];
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
