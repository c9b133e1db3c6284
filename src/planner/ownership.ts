import type { Diagnostic } from "../model/diagnostic.ts";
import type { Address } from "../model/resource.ts";
import type { CheckInput } from "./check.ts";
import { kindOf } from "./kinds.ts";

/**
 * Refuses resources that another stack has marked. With a stack of our own, declaring one is enough;
 * without, only writing to it is refused. What lives inside a marked resource is written with it.
 */
export function checkOwnership(input: CheckInput): Diagnostic[] {
  const refused = new Map<Address, Diagnostic>();
  const refuse = (address: Address, kind: string, key: string) => {
    const holder = kindOf(input.kinds, kind).parentOf?.(key) ?? address;
    const owner = input.live.resources.get(holder)?.stack;
    if (owner === undefined || owner === input.stack || refused.has(holder)) return;
    refused.set(holder, toForeign(address, holder, owner));
  };
  for (const { address, kind, key } of input.stack === undefined ? [] : input.wanted.values()) {
    if (kindOf(input.kinds, kind).parent === undefined) refuse(address, kind, key);
  }
  for (const { address, kind, key, impliedBy } of input.changes) {
    if (impliedBy === undefined) refuse(address, kind, key);
  }
  return [...refused.values()];
}

function toForeign(address: Address, holder: Address, owner: string): Diagnostic {
  return {
    severity: "error",
    code: "ownership/foreign",
    summary: `${holder} belongs to stack "${owner}"`,
    detail: `It carries the ownership mark of another stack, so ${address} is not written.`,
    hint: `Take ${address} out of this manifest, or manage it where stack "${owner}" is managed.`,
    address,
  };
}
