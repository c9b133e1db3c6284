type Thing = { readonly [name: string]: unknown };

/** The marks something carries, read from the app's state. */
export interface Carried {
  readonly stacks: ReadonlySet<string>;
  readonly isProtected: boolean;
}

/** Reads the marks in either place; knows nothing of how they are written. */
export function marksOf(thing: Thing): Carried {
  const stacks = new Set<string>();
  let isProtected = false;
  for (const tag of (thing["tags"] ?? []) as readonly string[]) {
    if (tag === "cometform::protected") isProtected = true;
    else if (tag.startsWith("cometform:")) stacks.add(tag.slice("cometform:".length));
  }
  const mark = ((thing["metadata"] ?? {}) as Thing)["cometform"] as Thing | undefined;
  if (typeof mark?.["stack"] === "string") stacks.add(mark["stack"]);
  return { stacks, isProtected: isProtected || mark?.["protect"] === true };
}

/** Whether something carries our stack's mark and no other. */
export function isOurs(thing: Thing, stack: unknown): boolean {
  const { stacks } = marksOf(thing);
  return stacks.size === 1 && stacks.has(String(stack));
}

/** Whether something carries the mark of a stack that is not ours, alone or beside ours. */
export function isForeign(thing: Thing, stack: unknown): boolean {
  return [...marksOf(thing).stacks].some((name) => name !== stack);
}
