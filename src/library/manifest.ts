import { toDesired } from "../manifest/desired.ts";
import { loadManifest as load, type ManifestSource, type Table } from "../manifest/load.ts";
import type { Diagnostic, Result } from "../model/diagnostic.ts";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import type { Manifest } from "../model/manifest.ts";
import type { DesiredGraph } from "../model/resource.ts";
import { nameOf, requireMembers, requireTexts, wrongArgument } from "./guard.ts";
import { InputError } from "./input-error.ts";
import { toNeighbours } from "./neighbours.ts";
import { kinds, provider } from "./the-provider.ts";

/** What a manifest's text refers to outside of it. */
export interface LoadOptions {
  /** Values for `${NAME}` by name, passwords among them. The environment is never looked at. */
  readonly variables?: { readonly [name: string]: string };
  /** Contents of CSV and NDJSON tables, by the path that `$from` gives. */
  readonly tables?: { readonly [path: string]: string | Uint8Array };
  /** Texts of manifests that `include` names, and of overlays beside manifests, by path. */
  readonly includes?: { readonly [path: string]: string };
  /** The environment whose overlays are laid over; without it there are none. */
  readonly environment?: string;
}

/** A manifest that was found valid. */
export interface LoadedManifest {
  /** The name under which it marks what it creates. */
  readonly stack?: string;
  /** The app it is for, as far as it says so. */
  readonly app: {
    readonly appId?: string;
    readonly region?: string;
    readonly dialect?: string;
  };
  /** How many resources it declares, by kind. */
  readonly counts: { readonly [kind: string]: number };
}

/** What a loaded manifest stands for. */
export interface ManifestContent {
  readonly manifest: Manifest;
  readonly desired: DesiredGraph;
}

const contents = new WeakMap<LoadedManifest, ManifestContent>();

/**
 * Reads a manifest: from its texts, which are merged, or from a value of the same shape. What is wrong
 * with it comes back as diagnostics, all of them, and is never thrown; warnings come with the manifest.
 *
 * @throws InputError for arguments that are neither.
 */
export function loadManifest(
  input: readonly ManifestSource[] | JsonObject,
  options: LoadOptions = {},
): Result<LoadedManifest> {
  requireInput(input);
  requireMembers(
    options,
    "The second argument",
    "Give { variables, tables, includes } or nothing.",
  );
  const { variables = {}, tables = {}, includes = {}, environment } = options;
  if (isSources(input) && input.length === 0) return { ok: false, diagnostics: [nothingGiven] };
  const loaded = load({
    sources: isSources(input) ? input : [toSource(input)],
    variables: new Map(Object.entries(variables)),
    environment: {},
    neighbours: toNeighbours(includes),
    ...(environment === undefined ? {} : { env: environment }),
    schema: provider.schema,
    kinds,
    openTable: (path) => toTable(path, Object.hasOwn(tables, path) ? tables[path] : undefined),
  });
  if (!loaded.ok) return loaded;
  const wanted = toDesired(loaded.value, kinds);
  const diagnostics = [...loaded.diagnostics, ...wanted.diagnostics];
  if (!wanted.ok) return { ok: false, diagnostics };
  const value = describe(loaded.value, wanted.value);
  contents.set(value, { manifest: loaded.value, desired: wanted.value });
  return { ok: true, value, diagnostics };
}

/**
 * What a loaded manifest stands for.
 *
 * @throws InputError for a value that was made by something else, a copy included.
 */
export function contentOf(loaded: LoadedManifest): ManifestContent {
  const content = contents.get(loaded);
  if (content === undefined) {
    throw new InputError({
      code: "library/manifest",
      summary: "This is no manifest that loadManifest gave",
      hint: "Pass the value of its result on as it is: a copy does not hold what it read.",
    });
  }
  return content;
}

/** No manifest would declare nothing, and so let everything go that is ours. */
const nothingGiven: Diagnostic = {
  severity: "error",
  code: "manifest/empty",
  summary: "No manifest is given: the list of texts is empty",
  hint: "Give at least one { file, text }; the text of a manifest begins with version: 1.",
};

function requireInput(input: unknown): void {
  if (Array.isArray(input)) {
    requireTexts(input, "manifests");
  } else if (!isJsonObject(input)) {
    throw wrongArgument(
      `The manifest is ${nameOf(input)}`,
      "Give a list of { file, text }, or the manifest as an object: { version: 1, users: {} }.",
    );
  }
}

function isSources(
  input: readonly ManifestSource[] | JsonObject,
): input is readonly ManifestSource[] {
  return Array.isArray(input);
}

/** JSON is YAML, and so `${NAME}` is replaced in it as well: passwords need that. */
function toSource(value: JsonObject): ManifestSource {
  return { file: "manifest", text: JSON.stringify(value, null, 2) };
}

function toTable(path: string, content: string | Uint8Array | undefined): Table {
  if (content === undefined) {
    const summary = `the table ${path} was not given`;
    return { file: path, content: { summary, hint: "put its content into tables" } };
  }
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { file: path, content: { pieces: [bytes] } };
}

function describe({ stack, provider: app }: Manifest, { resources }: DesiredGraph): LoadedManifest {
  const counts: { [kind: string]: number } = {};
  for (const { kind } of resources.values()) counts[kind] = (counts[kind] ?? 0) + 1;
  const { name: _, ...named } = app;
  return { ...(stack === undefined ? {} : { stack }), app: named, counts };
}
