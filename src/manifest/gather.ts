import type { Diagnostic } from "../model/diagnostic.ts";
import type { Json } from "../model/json.ts";
import type { Included, Neighbours } from "./neighbours.ts";
import { EMPTY, type ManifestText, openText, type ReadText } from "./parse.ts";
import type { ManifestSource } from "./source.ts";

/** What has to be known of a manifest before its values can be read. */
export const HEAD: readonly string[] = ["include", "variables", "environments"];

/** A text, with what stands in it while variables are texts, where that has to be known. */
export interface GatheredText {
  readonly text: ManifestText;
  readonly outline?: ReadText;
}

/** All texts that a manifest consists of. */
export interface Gathered {
  readonly texts: readonly GatheredText[];
  /** Files beside them that are for the chosen environment. */
  readonly overlays: readonly GatheredText[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What texts are gathered from. */
export interface GatherOptions {
  readonly sources: readonly ManifestSource[];
  readonly neighbours?: Neighbours;
  readonly env?: string;
}

/** Gathers the texts that are named and those they include, each once, and what lies beside them. */
export function gatherTexts(options: GatherOptions, names: readonly string[]): Gathered {
  const { sources, neighbours, env } = options;
  const texts: GatheredText[] = [];
  const diagnostics: Diagnostic[] = [];
  const seen = new Set(sources.map(idOf));
  const add = (source: ManifestSource): void => {
    const gathered = toGathered(source, names);
    texts.push(gathered);
    const included = openIncluded(gathered, neighbours);
    diagnostics.push(...included.diagnostics);
    for (const other of included.sources) {
      if (!seen.has(idOf(other))) {
        seen.add(idOf(other));
        add(other);
      }
    }
  };
  const isFirst = ({ id }: ManifestSource, index: number): boolean =>
    id === undefined || sources.findIndex((other) => other.id === id) === index;
  for (const source of sources.filter(isFirst)) {
    add(source);
  }
  const overlays =
    env === undefined || neighbours === undefined
      ? []
      : texts.flatMap(({ text }) => neighbours.overlays(text.file, env));
  return { texts, overlays: overlays.map((source) => toOverlay(source, names)), diagnostics };
}

/** What a text includes, and why some of it cannot be read. */
function openIncluded(
  { text, outline }: GatheredText,
  neighbours: Neighbours | undefined,
): { readonly sources: readonly ManifestSource[]; readonly diagnostics: readonly Diagnostic[] } {
  const sources: ManifestSource[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [path, place] of includesOf(outline)) {
    const included = toRefusal(path) ?? neighbours?.open(path, text.file) ?? notReadHere;
    if ("sources" in included) {
      sources.push(...included.sources);
    } else {
      const about = outline === undefined ? {} : { range: outline.places.locate(place) };
      diagnostics.push({ severity: "error", code: UNREADABLE, ...included, ...about });
    }
  }
  return { sources, diagnostics };
}

const UNREADABLE = "manifest/unreadable-include";
const notReadHere = {
  summary: "other manifests cannot be read here",
  hint: "name all files on the command line",
};

/** Why a path leads nowhere, whatever there is: what is included is told before variables are. */
function toRefusal(path: string): Included | undefined {
  if (path.includes("${")) {
    return {
      summary: `${path} has a variable in it, and paths under include have none`,
      hint: "write the path itself; for what differs between environments there are overlays and --env",
    };
  }
  return /^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(path)
    ? {
        summary: `${path} is a URL, and only files are included`,
        hint: "download it, and include the file",
      }
    : undefined;
}

function idOf({ id, file }: ManifestSource): string {
  return id ?? file;
}

/** An overlay with nothing in it changes nothing, unlike a manifest, which may not be written yet. */
function toOverlay(source: ManifestSource, names: readonly string[]): GatheredText {
  const text = openText(source, names);
  const read: ManifestText["read"] = (scope) => {
    const result = text.read(scope);
    const isEmpty = !result.ok && result.diagnostics.every(({ code }) => code === EMPTY);
    return isEmpty ? openText({ ...source, text: "{}" }, names).read(scope) : result;
  };
  return withOutline({ ...text, read });
}

function toGathered(source: ManifestSource, names: readonly string[]): GatheredText {
  return withOutline(openText(source, names));
}

function withOutline(text: ManifestText): GatheredText {
  // What cannot be read is told when its values are.
  const outline = text.mayHave(HEAD) ? text.read() : undefined;
  return outline?.ok === true ? { text, outline: outline.value } : { text };
}

/** The paths under `include`, as far as it is right; what is wrong with it the schema tells. */
function includesOf(
  outline: ReadText | undefined,
): readonly (readonly [string, readonly string[]])[] {
  const include = outline?.value["include"];
  const all = Array.isArray(include)
    ? include.map((path: Json, index) => [path, ["include", String(index)]] as const)
    : [[include, ["include"]] as const];
  return all.flatMap(([path, place]) =>
    typeof path === "string" && path !== "" ? [[path, place] as const] : [],
  );
}
