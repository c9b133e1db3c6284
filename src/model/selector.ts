import type { KindSpec } from "./kind.ts";
import { type Address, keyIn, kindIn } from "./resource.ts";

/** Addresses, told by one of them, by a pattern or by a kind: `user/alice`, `group/team-*`, `users`. */
export interface Selector {
  /** As it was written. */
  readonly text: string;
  /**
   * The kinds it can match, by name, each with the pattern of its keys in the form the service keeps
   * them; `*` stands for any characters.
   */
  readonly kinds: ReadonlyMap<string, string>;
}

/**
 * Reads a selector: `KIND`, `KIND/KEY` or `KIND/PATTERN`, the kind in the singular or as its section
 * is called. `*` stands for any characters, also as the kind. `undefined` when no kind is named so.
 */
export function parseSelector(text: string, kinds: readonly KindSpec[]): Selector | undefined {
  const slash = text.indexOf("/");
  const name = slash < 0 ? text : text.slice(0, slash);
  const pattern = slash < 0 ? "*" : text.slice(slash + 1);
  const meant = kinds.filter((kind) => name === "*" || isNamed(kind, name));
  if (meant.length === 0 || pattern === "") return undefined;
  return { text, kinds: new Map(meant.map((kind) => [kind.name, kind.toKey(pattern)])) };
}

/** Whether a name means this kind: `user` and `users` do. */
export function isNamed(kind: Pick<KindSpec, "name" | "section">, name: string): boolean {
  return name === kind.name || name === (kind.section ?? `${kind.name}s`);
}

/** Whether a selector means this address. */
export function isSelected({ kinds }: Selector, address: Address): boolean {
  const pattern = kinds.get(kindIn(address));
  return pattern !== undefined && fits(pattern, keyIn(address));
}

/** Whether a selector means exactly one address. */
export function isExact({ kinds }: Selector): boolean {
  return kinds.size === 1 && [...kinds.values()].every((pattern) => !pattern.includes("*"));
}

/** Matches piece by piece, so that no pattern takes longer than its length times the key's. */
function fits(pattern: string, key: string): boolean {
  const [head = "", ...rest] = pattern.split("*");
  const tail = rest.pop();
  if (tail === undefined) return pattern === key;
  if (!key.startsWith(head)) return false;
  let from = head.length;
  for (const piece of rest) {
    const at = key.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return key.length - from >= tail.length && key.endsWith(tail);
}
