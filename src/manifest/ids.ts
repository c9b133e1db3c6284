import type { Diagnostic } from "../model/diagnostic.ts";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { Manifest } from "../model/manifest.ts";
import { formatPlace } from "./diagnostics.ts";
import { formatCount } from "./words.ts";

/** What the ids of a manifest are judged by. */
export interface IdContext {
  readonly kinds: readonly KindSpec[];
  readonly builtins: ReadonlyMap<string, readonly string[]>;
  readonly locateKey: Manifest["locate"];
}

/** What is wrong with the ids of all sections: equal to the service, or too many of them. */
export function checkIds(value: JsonObject, context: IdContext): readonly Diagnostic[] {
  return context.kinds.flatMap((kind) => {
    const section = kind.section ?? "";
    const entries = value[section];
    if (!isJsonObject(entries)) {
      return [];
    }
    const ids = Object.keys(entries);
    return [...findEqual(kind, section, ids, context), ...countAll(kind, section, ids, context)];
  });
}

function findEqual(
  kind: KindSpec,
  section: string,
  ids: readonly string[],
  { locateKey }: IdContext,
): readonly Diagnostic[] {
  // Ids that are keys as they stand are different, or the map could not have them all.
  if (ids.every((id) => kind.toKey(id) === id)) {
    return [];
  }
  const seen = new Map<string, string>();
  return ids.flatMap((id) => {
    const key = kind.toKey(id);
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, id);
      return [];
    }
    return [
      {
        severity: "error",
        code: "manifest/duplicate-id",
        summary: `"${id}" and "${first}" are the same ${kind.name}`,
        detail: `The service keeps both ids as "${key}".`,
        hint: `first at ${formatPlace(locateKey([section, first]))}`,
        range: locateKey([section, id]),
      },
    ];
  });
}

function countAll(
  kind: KindSpec,
  section: string,
  ids: readonly string[],
  { builtins, locateKey }: IdContext,
): readonly Diagnostic[] {
  if (kind.countMax === undefined) {
    return [];
  }
  const own = builtins.get(section) ?? [];
  const count = new Set([...ids, ...own].map((id) => kind.toKey(id))).size;
  if (count <= kind.countMax) {
    return [];
  }
  const detail = own.length === 0 ? {} : { detail: `The built-in ${own.join(", ")} counts, too.` };
  return [
    {
      severity: "error",
      code: "manifest/too-many",
      summary: `${formatCount(count)} ${section}, an app has at most ${formatCount(kind.countMax)}`,
      ...detail,
      range: locateKey([section]),
    },
  ];
}
