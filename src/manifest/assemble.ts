import type { Diagnostic } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { fillDefaults } from "./defaults.ts";
import { compareOverlays } from "./environments.ts";
import { HEAD } from "./gather.ts";
import { generateEntries } from "./generate.ts";
import { createLocations, type Placed } from "./locations.ts";
import { mergeTexts } from "./merge.ts";
import { layOver } from "./overlay.ts";
import { layOverTables } from "./overlay-tables.ts";
import type { PlacedText, TableContext } from "./table-source.ts";
import { loadTables } from "./tables.ts";
import { validateText } from "./validate.ts";

/** Texts as one value, with what is named and made and laid over them. */
export interface Assembled extends Placed {
  /** The files that were read for it. */
  readonly tables: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Makes one value of texts: tables are read and entries generated, all is merged, the overlays are
 * laid over it in their order, and entries get the defaults that are left then.
 */
export function assemble(
  texts: readonly PlacedText[],
  overlays: readonly PlacedText[],
  context: TableContext,
): Assembled {
  const { schema } = context;
  const validation = { isInStack: context.isInStack, isVersionElsewhere: true };
  const early = layOverTables(texts.map(withoutHead), overlays, schema);
  const tables = loadTables(early.texts, context);
  const laid = early.overlays.map((overlay) => loadTables([overlay], context));
  const patches = laid.flatMap(({ texts: [patch] }) => patch ?? []);
  const generated = generateEntries(
    [onlyGenerate(early.texts), ...patches.map((one) => onlyGenerate([one]))].reduce(layOver),
    schema,
    validation,
  );
  const rows = laid.flatMap(({ texts: [, ...rest] }) => rest);
  const all = [...tables.texts, ...rows, ...generated.texts];
  const merged = mergeTexts(all, schema.sections);
  const file = texts[0]?.file ?? "-";
  const places = createLocations(
    all.map((text) => text.places),
    file,
  );
  const base = { value: merged.value, places };
  const whole = patches.map(withoutGenerate).reduce(layOver, base);
  const filled = fillDefaults(whole, schema, validation);
  const touched = patches.map((patch) => onlyTouched(whole.value, patch.value, schema.sections));
  return {
    value: filled.value,
    places: filled.places,
    tables: [...tables.files, ...laid.flatMap(({ files }) => files)],
    diagnostics: [
      ...tables.diagnostics,
      ...laid.flatMap(({ diagnostics }) => diagnostics),
      ...generated.diagnostics,
      ...merged.diagnostics,
      ...compareOverlays(overlays),
      ...touched.flatMap((value) =>
        validateText({ value, places: whole.places }, schema, validation),
      ),
      ...filled.diagnostics,
    ],
  };
}

function withoutHead(text: PlacedText): PlacedText {
  return HEAD.some((name) => Object.hasOwn(text.value, name))
    ? { ...text, value: omit(text.value, HEAD) }
    : text;
}

function withoutGenerate({ value, places }: Placed): Placed {
  return { value: omit(value, [...HEAD, "generate"]), places };
}

function omit(value: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

function onlyGenerate(texts: readonly Placed[]): Placed {
  const text = texts.find(({ value }) => Object.hasOwn(value, "generate"));
  const generate = text?.value["generate"];
  return {
    value: generate === undefined ? {} : { generate },
    places: text?.places ?? createLocations([], "-"),
  };
}

/** What two texts have made together: it may be wrong though neither of them is. */
function onlyTouched(
  whole: JsonObject,
  patch: JsonObject,
  sections: readonly string[],
): JsonObject {
  const touched: { [name: string]: Json } = {};
  for (const [name, part] of Object.entries(patch)) {
    const value = whole[name];
    if (sections.includes(name) && isJsonObject(value) && isJsonObject(part)) {
      const ids = Object.keys(part).filter((id) => Object.hasOwn(value, id));
      touched[name] = Object.fromEntries(ids.map((id) => [id, value[id] ?? null]));
    } else if (value !== undefined && ![...HEAD, "generate"].includes(name)) {
      touched[name] = value;
    }
  }
  return touched;
}
