import type { Diagnostic } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { ManifestPolicy } from "../model/manifest.ts";
import type { ReadText } from "./parse.ts";
import { nameOf } from "./words.ts";

/** Where sensitive variables stand that cometform could not keep: plans would show them. */
export function findExposed(
  texts: readonly ReadText[],
  kinds: readonly KindSpec[],
): readonly Diagnostic[] {
  return texts.flatMap(({ value, places, sensitive }) =>
    sensitive
      .filter((path) => !isKept(...toOverlay(path, value), kinds))
      .map(
        (path): Diagnostic => ({
          severity: "error",
          code: "manifest/exposed-secret",
          summary: `${nameOf(path)} cannot hold a sensitive variable`,
          detail:
            "Plans and reports show this attribute. Passwords and what is under @private they never show.",
          hint: "use another variable here, or declare this one without sensitive",
          range: places.locate(path),
        }),
      ),
  );
}

/** The path in the overlay that it leads into, if it does. */
function toOverlay(path: readonly string[], value: JsonObject): readonly [typeof path, JsonObject] {
  const [top, name = "", ...rest] = path;
  if (top !== "environments") {
    return [path, value];
  }
  const overlays = Object(value[top]) as JsonObject;
  return [rest, Object(overlays[name]) as JsonObject];
}

/** Whether what stands there is taken out of its entry, and kept from whoever shows it. */
function isKept(path: readonly string[], value: JsonObject, kinds: readonly KindSpec[]): boolean {
  const [section, attribute] = toAttribute(path, value);
  const kind = kinds.find((one) => one.section === section);
  const attributes = attribute.reduceRight<Json>(wrap, "secret");
  if (kind?.declare === undefined || !isJsonObject(attributes)) {
    return false;
  }
  const name = attribute.join(".");
  return secretsOf(kind, attributes).some(
    (secret) => name === secret || name.startsWith(`${secret}.`),
  );
}

function secretsOf({ declare }: KindSpec, attributes: JsonObject): readonly string[] {
  try {
    const declared = declare?.({ id: "entry", attributes, policy }) ?? [];
    return declared.flatMap(({ secrets = {} }) => Object.keys(secrets));
  } catch {
    // Nothing is judged by its schema yet, and what does not even have its shape is kept nowhere.
    return [];
  }
}

/** What has that value there; a number is a place in a list, wherever it can be one. */
function wrap(inner: Json, name: string): Json {
  return /^\d+$/.test(name) ? [inner] : { [name]: inner };
}

/** The section of an entry and the path within it, for whatever makes entries. */
function toAttribute(
  [first = "", second = "", ...rest]: readonly string[],
  value: JsonObject,
): readonly [section: string, attribute: readonly string[]] {
  if (first === "defaults") {
    return [second, rest];
  }
  if (first === "generate") {
    const items = value["generate"];
    const item: Json | undefined = Array.isArray(items) ? items[Number(second)] : undefined;
    return [isJsonObject(item) ? String(item["kind"]) : "", rest];
  }
  return [first, rest];
}

/** What an entry's secrets are does not depend on it. */
const policy: ManifestPolicy = {
  prune: {},
  members: "additive",
  delete: { users: "deactivate" },
  protect: [],
  budgets: { delete: {}, update: {} },
};
