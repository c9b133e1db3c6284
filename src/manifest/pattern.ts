import { isJsonObject, type Json } from "../model/json.ts";

/** Makes the value of one entry: of the `index`th, which has the number `number`. */
export type Make = (index: number, number: number) => Json;

/** A pattern that is none, by its path. */
export interface BadPattern {
  readonly path: readonly string[];
  readonly summary: string;
  readonly hint: string;
}

/** A value with patterns, ready to be made. */
export interface Pattern {
  readonly make: Make;
  readonly problems: readonly BadPattern[];
}

/** Most ids that are dealt out at once. */
const dealtMax = 100_000;
const tokens = /\{\{n\}\}|\{n(?::0([1-9]))?\}/g;

/** Whether a text differs from entry to entry. */
export function hasNumber(text: string): boolean {
  return /\{n(?::0[1-9])?\}/.test(text.replaceAll("{{n}}", ""));
}

/** Prepares a value: `{n}` in texts, `$pick` and `$deal` anywhere; `count` entries will be made. */
export function compilePattern(value: Json, count: number, path: readonly string[]): Pattern {
  if (typeof value === "string") {
    return compileText(value, path);
  }
  if (Array.isArray(value)) {
    return combine(
      value.map((item: Json, at) => compilePattern(item, count, [...path, String(at)])),
      (all) => all,
    );
  }
  if (!isJsonObject(value)) {
    return { make: () => value, problems: [] };
  }
  if (Object.hasOwn(value, "$pick")) {
    return compilePick(value, count, path);
  }
  if (Object.hasOwn(value, "$deal")) {
    return compileDeal(value, count, path);
  }
  const names = Object.keys(value);
  return combine(
    names.map((name) => compilePattern(value[name] ?? null, count, [...path, name])),
    (all) => Object.fromEntries(names.map((name, at) => [name, all[at] ?? null])),
  );
}

function combine(parts: readonly Pattern[], join: (all: readonly Json[]) => Json): Pattern {
  return {
    make: (index, number) => join(parts.map(({ make }) => make(index, number))),
    problems: parts.flatMap(({ problems }) => problems),
  };
}

function compileText(text: string, path: readonly string[]): Pattern {
  if (!text.includes("{n")) {
    return { make: () => text, problems: [] };
  }
  if (text.replaceAll(tokens, "").includes("{n")) {
    const summary = "this is no number of an entry";
    return bad({ path, summary, hint: "write {n} or, with zeros before it, {n:04}" });
  }
  const make: Make = (_, number) =>
    text.replaceAll(tokens, (token, digits: string | undefined) =>
      token === "{{n}}" ? "{n}" : String(number).padStart(Number(digits ?? 0), "0"),
    );
  return { make, problems: [] };
}

function compilePick(
  { $pick: choices = null, ...others }: { readonly [name: string]: Json },
  count: number,
  place: readonly string[],
): Pattern {
  const path = [...place, "$pick"];
  const [other] = Object.keys(others);
  if (other !== undefined) {
    const summary = `"${other}" cannot stand beside "$pick"`;
    return bad({
      path: [...place, other],
      summary,
      hint: "$pick takes the place of a whole value",
    });
  }
  if (!Array.isArray(choices) || choices.length === 0) {
    const summary = "there is nothing to pick from";
    return bad({ path, summary, hint: "write a list: {$pick: [one, other]}" });
  }
  const all = choices.map((one: Json, at) => compilePattern(one, count, [...path, String(at)]));
  return {
    make: (index, number) => all[index % all.length]?.make(index, number) ?? null,
    problems: all.flatMap(({ problems }) => problems),
  };
}

/** Ids are dealt out like cards: the first to the first entry, the next to the next one. */
function compileDeal(
  {
    $deal: ids = null,
    count: dealt = null,
    from = 1,
    ...others
  }: { readonly [name: string]: Json },
  count: number,
  path: readonly string[],
): Pattern {
  const isRight =
    typeof ids === "string" &&
    isWhole(dealt, 1, dealtMax) &&
    isWhole(from, 0, 1_000_000_000) &&
    Object.keys(others).length === 0;
  if (!isRight) {
    const summary = "this says not how many of which ids are dealt out";
    return bad({
      path,
      summary,
      hint: 'write {$deal: "user-{n}", count: 100}; count is at most 100,000',
    });
  }
  const { make, problems } = compileText(ids, [...path, "$deal"]);
  if (problems.length === 0 && dealt > 1 && !hasNumber(ids)) {
    return bad({
      path: [...path, "$deal"],
      summary: `${dealt} ids that are dealt out would be the same`,
      hint: `write the number of the id into it: "${ids}-{n}"`,
    });
  }
  const deal = (index: number): Json => {
    const hand: Json[] = [];
    for (let at = index; at < dealt; at += count) {
      hand.push(make(at, from + at));
    }
    return hand;
  };
  return { make: deal, problems };
}

function isWhole(value: Json, min: number, max: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
}

function bad(problem: BadPattern): Pattern {
  return { make: () => null, problems: [problem] };
}
