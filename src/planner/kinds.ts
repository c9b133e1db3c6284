import type { KindSpec } from "../model/kind.ts";

/** The kinds of a plan by name, parents first. */
export type Kinds = ReadonlyMap<string, KindSpec>;

/** The description of a kind; a resource of a kind that is not in the list is our mistake. */
export function kindOf(kinds: Kinds, name: string): KindSpec {
  const kind = kinds.get(name);
  if (kind === undefined) throw new Error(`no kind is called "${name}"`);
  return kind;
}
