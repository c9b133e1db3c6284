import type { Change } from "../../../model/plan.ts";

/**
 * The same function, asked once for each change: checks, calls and costs are all made from what is
 * sent, and to put a body together is most of the work.
 */
export function oncePerChange<T>(make: (change: Change) => T): (change: Change) => T {
  const made = new WeakMap<Change, { readonly value: T }>();
  return (change) => {
    const known = made.get(change);
    if (known !== undefined) return known.value;
    const value = make(change);
    made.set(change, { value });
    return value;
  };
}
