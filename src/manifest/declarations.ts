import type { Diagnostic, SourceRange } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { formatPlace } from "./diagnostics.ts";
import { overlaysIn } from "./environments.ts";
import type { Gathered } from "./gather.ts";
import {
  type DeclaredVariable,
  forbiddenWords,
  isForbidden,
  lookUp,
  type VariableScope,
} from "./interpolate.ts";
import { createLocations, type Placed, type Places } from "./locations.ts";
import { mergeTexts } from "./merge.ts";
import { layOver } from "./overlay.ts";
import { suggestionHint } from "./suggest.ts";
import type { PlacedText } from "./table-source.ts";
import { convertVariable, describeVariable } from "./variable-type.ts";

/** The variables that texts declare, with their values. */
export interface Declarations {
  readonly variables: ReadonlyMap<string, DeclaredVariable>;
  readonly diagnostics: readonly Diagnostic[];
  /** Secrets that stand in the text: nothing else is told, as that could show the lines. */
  readonly exposed: readonly Diagnostic[];
}

/** Where values of variables come from. */
export interface VariableOptions extends VariableScope {
  /** By name: the file that gives a variable, where it is not given by itself. */
  readonly variableFiles?: ReadonlyMap<string, string>;
}

const VARIABLES = "variables";

/** Finds the variables that texts declare, and their values for the chosen environment. */
export function declareVariables(gathered: Gathered, options: VariableOptions): Declarations {
  const texts = gathered.texts.flatMap(({ outline }) => outline ?? []);
  const files = gathered.overlays.flatMap(({ outline }) => outline ?? []);
  const all = [...texts, ...overlaysIn(texts), ...files];
  const sensitive = new Set(all.flatMap(sensitiveNames));
  const exposed = all.flatMap((text) => findExposed(text, sensitive));
  const inUse = options.env === undefined ? [] : [...overlaysIn(texts, options.env), ...files];
  const merged = mergeTexts(texts.map(onlyVariables), [VARIABLES]);
  const base = {
    value: merged.value,
    places: createLocations(
      texts.map(({ places }) => places),
      texts[0]?.file ?? "-",
    ),
  };
  const { value, places } = inUse.map(onlyVariables).reduce(layOver, base);
  const declared = Object.entries(Object(value[VARIABLES]) as JsonObject).map(
    ([name, declaration]) => [name, resolve({ name, declaration, places }, options)] as const,
  );
  const variables = new Map(declared.map(([name, { variable }]) => [name, variable]));
  const diagnostics = [
    ...merged.diagnostics,
    ...declared.flatMap(([, { problem }]) => problem ?? []),
    ...findUndeclared(variables, options),
  ];
  return { variables, diagnostics, exposed };
}

function onlyVariables({ value, places }: PlacedText): Placed {
  const variables = value[VARIABLES];
  return { value: isJsonObject(variables) ? { [VARIABLES]: variables } : {}, places };
}

function sensitiveNames({ value }: PlacedText): readonly string[] {
  const declared = Object.entries(Object(value[VARIABLES]) as JsonObject);
  return declared.flatMap(([name, declaration]) => (isSensitive(declaration) ? [name] : []));
}

/**
 * A default for a secret is one in the text. Its line is shown without it where the same text says that
 * it is a secret, and only named where another one does: there nobody would know what to hide.
 */
function findExposed(
  { value, places }: PlacedText,
  sensitive: ReadonlySet<string>,
): readonly Diagnostic[] {
  const declared = Object.entries(Object(value[VARIABLES]) as JsonObject);
  return declared.flatMap(([name, declaration]): readonly Diagnostic[] =>
    sensitive.has(name) && Object.hasOwn(Object(declaration), "default")
      ? [
          {
            severity: "error",
            code: "manifest/literal-secret",
            summary: `variable ${name} is sensitive, so it cannot have a default`,
            hint: `remove the default, and give --var ${name}=… or export ${name}`,
            ...placeOf(places.locateKey([VARIABLES, name]), isSensitive(declaration)),
          },
        ]
      : [],
  );
}

function placeOf(range: SourceRange, isShown: boolean): Pick<Diagnostic, "detail" | "range"> {
  const why = "Manifests are shared, so secrets do not stand in them.";
  return isShown
    ? { detail: why, range }
    : { detail: `${why} It is declared at ${formatPlace(range)}.` };
}

/** What is meant to be sensitive is, even if it is said wrong. */
function isSensitive(declaration: Json): boolean {
  const { sensitive = false } = Object(declaration) as JsonObject;
  return sensitive !== false;
}

interface Declared {
  readonly name: string;
  readonly declaration: Json;
  readonly places: Places;
}

interface Resolved {
  readonly variable: DeclaredVariable;
  readonly problem?: Diagnostic;
}

function resolve({ name, declaration, places }: Declared, options: VariableOptions): Resolved {
  const written = Object(declaration) as JsonObject;
  const { default: fallback, description } = written;
  const about = {
    isSensitive: isSensitive(declaration),
    ...(typeof description === "string" ? { description } : {}),
  };
  const given = isForbidden(name) ? undefined : lookUp(name, options);
  const isGiven = given !== undefined;
  const value = isGiven ? convertVariable(given, written) : fallback;
  if (isForbidden(name)) {
    const range = places.locateKey([VARIABLES, name]);
    const problem: Diagnostic = { severity: "error", ...forbiddenWords(name), range };
    return { variable: { ...about, isBad: true }, problem };
  }
  if (value === undefined && !isGiven) {
    return { variable: { ...about, isBad: false } };
  }
  const problem = describeVariable(value, written);
  if (problem === undefined) {
    return { variable: { ...about, isBad: false, value: value as string | number | boolean } };
  }
  const source = isGiven ? `what ${sourceOf(name, options)} gives is not` : "its default is not";
  return {
    variable: { ...about, isBad: true },
    problem: {
      severity: "error",
      code: "manifest/bad-variable",
      summary: `variable ${name} must be ${problem.must}, and ${source}`,
      hint: isGiven ? `give another value, or declare another type` : problem.hint,
      range: isGiven
        ? places.locateKey([VARIABLES, name])
        : places.locate([VARIABLES, name, "default"]),
    },
  };
}

function sourceOf(name: string, { variables, variableFiles }: VariableOptions): string {
  return variables.has(name) ? (variableFiles?.get(name) ?? "--var") : "the environment";
}

/** Once there are declarations, a name that is given by itself and is in none is a slip. */
function findUndeclared(
  declared: ReadonlyMap<string, unknown>,
  { variables, variableFiles }: VariableOptions,
): readonly Diagnostic[] {
  const names = declared.size === 0 ? [] : [...variables.keys()];
  return names
    .filter((name) => !declared.has(name) && variableFiles?.has(name) !== true)
    .map((name) => ({
      severity: "error",
      code: "manifest/undeclared-variable",
      summary: `--var ${name}: no such variable is declared`,
      hint: `declared are: ${[...declared.keys()].join(", ")}`,
      ...suggestionHint(name, declared.keys()),
    }));
}
