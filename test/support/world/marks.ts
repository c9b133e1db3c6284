import fc from "fast-check";
import type { DialectName } from "../in-process.ts";
import { rarely, withoutGaps } from "./words.ts";

/** Marks that something live carries. */
export interface Marks {
  readonly stacks: readonly string[];
  readonly isProtected: boolean;
  /** Whether the stack stands where the dialect would not write it. */
  readonly isStackElsewhere: boolean;
  readonly isProtectionElsewhere: boolean;
}

/** Mostly none or our stack's, now and then another's, or both. */
export const marks: fc.Arbitrary<Marks> = fc.record({
  stacks: fc.oneof(
    { weight: 24, arbitrary: fc.constant([]) },
    { weight: 24, arbitrary: fc.constant(["acme"]) },
    { weight: 3, arbitrary: fc.constant(["other"]) },
    { weight: 1, arbitrary: fc.constant(["acme", "other"]) },
  ),
  isProtected: rarely(6),
  isStackElsewhere: rarely(10),
  isProtectionElsewhere: rarely(6),
});

/** A body with the marks, where the API can keep them. */
export function withMarks(
  dialect: DialectName,
  kind: "role" | "user" | "group",
  { marks: carried, ...body }: { readonly marks: Marks; readonly [name: string]: unknown },
): { [name: string]: unknown } {
  const isTagged = kind === "group" || (kind === "user" && dialect === "vendor");
  const inTags: string[] = [];
  const mark: { stack?: string; protect?: true } = {};
  for (const [i, stack] of carried.stacks.entries()) {
    // Metadata has room for one stack only.
    const isLast = i === carried.stacks.length - 1;
    if (isTagged && !(carried.isStackElsewhere && isLast)) inTags.push(`cometform:${stack}`);
    else mark.stack = stack;
  }
  if (carried.isProtected) {
    if (isTagged && !carried.isProtectionElsewhere) inTags.push("cometform::protected");
    else mark.protect = true;
  }
  const own = (body["metadata"] ?? {}) as object;
  const tags = [...((body["tags"] as string[] | undefined) ?? []), ...inTags];
  return withoutGaps({
    ...body,
    ...(inTags.length === 0 ? {} : { tags }),
    ...(Object.keys(mark).length === 0 ? {} : { metadata: { ...own, cometform: mark } }),
  });
}
