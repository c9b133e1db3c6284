import type { KindSpec } from "../model/kind.ts";
import { type Address, toAddress } from "../model/resource.ts";
import { joinWords } from "../render/layout.ts";
import { didYouMean, findKind, kindsHint, misuse, pluralOf } from "./kind-name.ts";
import type { RequestSubject } from "./request.ts";

const flag = "--take-over";
/** So many declared resources are named in a hint. */
const namedMax = 10;

/**
 * The declared resource that is to become ours.
 *
 * @throws Failure when there is none, or nothing to take over.
 */
export function readTakeOver(text: string, { manifest, desired, kinds }: RequestSubject): Address {
  const slash = text.indexOf("/");
  const id = text.slice(slash + 1);
  if (slash < 1 || id === "") {
    throw misuse(flag, `${flag} ${text} is no address`, "Write KIND/KEY, for example user/bob.");
  }
  const kind = findKind(text.slice(0, slash), kinds);
  if (kind === undefined) {
    const name = text.slice(0, slash);
    const summary = `${flag} ${text} names no kind: there is no "${name}"`;
    throw misuse(flag, summary, kindsHint(name, kinds));
  }
  if (!kind.markable) {
    const summary = `${flag} ${text} is not needed: ${pluralOf(kind)} carry no mark of a stack`;
    throw misuse(flag, summary, "Leave it out: declaring one is enough to manage it.");
  }
  if (manifest.stack === undefined) {
    const summary = `${flag} ${text} needs a stack to take it over to`;
    throw misuse(flag, summary, "Give the manifest a stack: a name for what is its own.");
  }
  const address = toAddress(kind.name, kind.toKey(id));
  if (!desired.resources.has(address)) {
    const declared = [...desired.resources.values()].filter((one) => one.kind === kind.name);
    throw misuse(
      flag,
      `${flag} ${text} names nothing that the manifest declares`,
      ...declaredHints(
        address,
        declared.map((one) => one.address),
        kind,
      ),
    );
  }
  return address;
}

function declaredHints(
  address: Address,
  declared: readonly Address[],
  kind: KindSpec,
): readonly string[] {
  if (declared.length === 0) {
    return [`It declares no ${pluralOf(kind)}: declare ${address} first.`];
  }
  return declared.length > namedMax
    ? [didYouMean(address, declared), `Declare ${address} first, or correct the address.`]
    : [didYouMean(address, declared), `It declares ${joinWords(declared)}.`];
}
