import type { Change } from "../model/plan.ts";
import type { LiveResource } from "../model/resource.ts";
import type { PolicyInput } from "./policy.ts";

/** Whether a resource is to be kept and no longer to be ours. */
export function isForgotten({ desired }: PolicyInput, { address }: LiveResource): boolean {
  return desired.forget.has(address);
}

/** Takes our mark off what is to be forgotten, as far as it is there and still carries it. */
export function toForgets(input: PolicyInput): Change[] {
  const { desired, live, stack } = input;
  if (stack === undefined) return [];
  return [...desired.forget.keys()].flatMap((address): Change[] => {
    const found = live.resources.get(address);
    if (found === undefined || found.inactive === true || found.stack !== stack) return [];
    const { kind, key, attributes } = found;
    const change = { action: "forget" as const, address, kind, key, live: found, unmark: stack };
    return [{ ...change, planned: attributes, attributes: [] }];
  });
}
