import type { Diagnostic } from "../model/diagnostic.ts";
import type { Address } from "../model/resource.ts";
import type { CheckInput } from "./check.ts";
import { kindOf } from "./kinds.ts";

/**
 * Refuses resources that another stack has marked, unless they are taken over. With a stack of our
 * own, declaring one is enough; without, only writing to it is refused. What lives inside a marked
 * resource is written with it.
 */
export function checkOwnership(input: CheckInput): Diagnostic[] {
  const refused = new Map<Address, Diagnostic>();
  const claimed = new Set(
    input.changes.filter(({ unmark }) => unmark !== undefined).map(({ address }) => address),
  );
  const refuse = (address: Address, kind: string, key: string) => {
    const holder = kindOf(input.kinds, kind).parentOf?.(key) ?? address;
    const owner = input.live.resources.get(holder)?.stack;
    if (owner === undefined || owner === input.stack) return;
    if (claimed.has(holder) || refused.has(holder)) return;
    refused.set(holder, toForeign(input, { address, holder, owner }));
  };
  for (const { address, kind, key } of input.stack === undefined ? [] : input.judged) {
    if (kindOf(input.kinds, kind).parent === undefined) refuse(address, kind, key);
  }
  for (const { address, kind, key, impliedBy } of input.changes) {
    if (impliedBy === undefined) refuse(address, kind, key);
  }
  return [...refused.values()];
}

interface Foreign {
  readonly address: Address;
  readonly holder: Address;
  readonly owner: string;
}

function toForeign(input: CheckInput, { address, holder, owner }: Foreign): Diagnostic {
  const about = {
    severity: "error",
    code: "ownership/foreign",
    summary: `${holder} belongs to stack "${owner}"`,
    address,
  } as const;
  if (input.takeOver.has(holder)) {
    return {
      ...about,
      detail: "Its mark stands in its metadata, which is written as a whole or not at all.",
      hint: `Declare metadata for ${holder} to take it over; {} is enough.`,
    };
  }
  const claim = input.stack === undefined ? "" : `, or claim it: --take-over ${holder}`;
  return {
    ...about,
    detail: `It carries the ownership mark of another stack, so ${address} is not written.`,
    hint: `Take ${address} out of this manifest${claim}.`,
  };
}
