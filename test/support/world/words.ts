import fc from "fast-check";

/** Ids of what may be live and declared, few enough that the two often meet. */
export const ROLES: readonly string[] = ["vip", "staff", "guest"];
export const UIDS: readonly string[] = ["ann", "bob", "cat", "dan", "eve", "fay"];
export const GUIDS: readonly string[] = ["lobby", "den", "attic"];
export const HOOKS: readonly string[] = ["audit", "mirror"];
/** The lists that members of each scope are in. */
export const SCOPES: readonly string[] = ["admins", "moderators", "participants"];
export const TRIGGERS: readonly string[] = ["message_sent", "message_edited", "group_created"];

/** Some text. */
export const text: fc.Arbitrary<string> = fc.constantFrom("One", "Two", "Three, and more");
/** Some URL. */
export const url: fc.Arbitrary<string> = fc.constantFrom(
  "https://a.example/1",
  "https://b.example/2",
);
/** Some tags. */
export const tags: fc.Arbitrary<string[]> = fc.uniqueArray(
  fc.constantFrom("red", "green", "blue"),
  { maxLength: 3 },
);
/** Something that holds now and then. */
export const rarely = (oneIn: number): fc.Arbitrary<boolean> =>
  fc.integer({ min: 1, max: oneIn }).map((n) => n === oneIn);

/** A value or none. */
export function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined });
}

/** A value, none, or that there shall be none. */
export function orNull<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> {
  return fc.oneof(value, value, fc.constant(null), fc.constant(undefined));
}

/** Without the attributes that have no value. */
export function withoutGaps(value: { readonly [name: string]: unknown }): {
  [name: string]: unknown;
} {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}

/** Members by the list of their scope. */
export function toLists(rows: readonly (readonly [string, string])[]): {
  [list: string]: string[];
} {
  const lists: { [list: string]: string[] } = {};
  for (const [uid, list] of rows) lists[list] = [...(lists[list] ?? []), uid];
  return lists;
}
