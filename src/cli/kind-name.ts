import { suggest } from "../manifest/suggest.ts";
import type { KindSpec } from "../model/kind.ts";
import { isNamed } from "../model/selector.ts";
import { joinWords } from "../render/layout.ts";
import { exitCodes, type Failure, fail } from "./exit.ts";

/** A flag whose words can be wrong. */
export type WordedFlag =
  | "allow"
  | "except"
  | "only"
  | "prune"
  | "stack"
  | "take-over"
  | "write-secret";

/** The kind that a name means, in the singular or the plural. */
export function findKind(name: string, kinds: readonly KindSpec[]): KindSpec | undefined {
  return kinds.find((kind) => isNamed(kind, name));
}

/** What the kind is called in the plural: `users`. */
export function pluralOf({ name, section }: Pick<KindSpec, "name" | "section">): string {
  return section ?? `${name}s`;
}

/** Why a flag's value cannot be understood: one of the diagnostics of wrong usage. */
export function misuse(
  flag: `--${WordedFlag}`,
  summary: string,
  ...hints: readonly string[]
): Failure {
  const hint = hints.filter((text) => text !== "").join(" ");
  const code = `cli/${flag.slice(2) as WordedFlag}` as const;
  return fail(exitCodes.usage, { code, summary, ...(hint === "" ? {} : { hint }) });
}

/** Asks whether the candidate nearest to the word was meant; empty where none is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const meant = suggest(word, candidates);
  return meant === undefined ? "" : `Did you mean ${meant}?`;
}

/** Which kinds there are, and whether one of them was meant. */
export function kindsHint(word: string, kinds: readonly KindSpec[]): string {
  const names = kinds.map(({ name }) => name);
  return [didYouMean(word, names), `The kinds are ${joinWords(names)}.`].join(" ").trim();
}
