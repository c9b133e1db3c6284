import type { KindSpec } from "../model/kind.ts";
import type { PruneMode } from "../model/manifest.ts";
import { joinWords } from "../render/layout.ts";
import { didYouMean, findKind, misuse, pluralOf } from "./kind-name.ts";

const flag = "--prune";
const modes: readonly PruneMode[] = ["none", "owned", "all"];

/** Which undeclared resources of one section may go. */
export interface Prune {
  readonly section: string;
  readonly mode: PruneMode;
}

/**
 * Which undeclared ones a text lets go: `users=none`.
 *
 * @throws Failure when it does not tell.
 */
export function readPrune(text: string, kinds: readonly KindSpec[]): Prune {
  const [, name, wanted] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  const modesHint = `The modes are ${joinWords(modes)}.`;
  if (name === undefined || wanted === undefined) {
    const hint = `For example ${flag} users=none. ${modesHint}`;
    throw misuse(flag, `${flag} ${text} is not of the form SECTION=MODE`, hint);
  }
  const kind = findKind(name, kinds);
  if (kind === undefined) {
    const sections = kinds.flatMap(({ section }) => section ?? []);
    throw misuse(
      flag,
      `${flag} ${text} names no section: there is no "${name}"`,
      didYouMean(name, sections),
      `The sections are ${joinWords(sections)}.`,
    );
  }
  if (kind.section === undefined) {
    throw misuse(
      flag,
      `${flag} ${text} names no section: ${pluralOf(kind)} stand in each ${kind.parent}`,
      "members.mode there, or policy.members, says whether undeclared ones are removed.",
    );
  }
  const mode = modes.find((one) => one === wanted);
  if (mode === undefined) {
    const summary = `${flag} ${text} names no mode: there is no "${wanted}"`;
    throw misuse(flag, summary, didYouMean(wanted, modes), modesHint);
  }
  return { section: kind.section, mode };
}

/**
 * The modes by section.
 *
 * @throws Failure when two of them contradict each other.
 */
export function settlePrunes(prunes: readonly Prune[]): { readonly [section: string]: PruneMode } {
  const chosen: { [section: string]: PruneMode } = {};
  for (const { section, mode } of prunes) {
    const other = chosen[section] ?? mode;
    if (other !== mode) {
      const [first, second] = [`${flag} ${section}=${other}`, `${flag} ${section}=${mode}`];
      const hint = "Give each section one mode.";
      throw misuse(flag, `${first} and ${second} contradict each other`, hint);
    }
    chosen[section] = mode;
  }
  return chosen;
}
