import { findAliases, findAnchors, findSites, type SecretSite } from "./secret-site.ts";
import {
  type EnclosedValue,
  findBelow,
  findEnclosed,
  findRest,
  isBegunBelow,
  type Span,
} from "./secret-value.ts";

/** A character that no manifest needs; runs of it stand for a secret. */
const placeholder = "\uE000";
const placeholders = new RegExp(`${placeholder}+`, "g");

/**
 * The text with what manifests keep secret blanked out, every character in its old place. It goes
 * by the names of keys, because what is shown may be too broken to have a meaning; where it cannot
 * be sure, it blanks more.
 */
export function blankSecrets(text: string): string {
  const hidden = new Uint8Array(text.length);
  let aliases = hideAll(text, findSites(text), hidden);
  const anchors = new Map(aliases.size === 0 ? [] : findAnchors(text));
  while (aliases.size > 0) {
    const sites = [...aliases].flatMap((name) => anchors.get(name) ?? []);
    for (const name of aliases) {
      anchors.delete(name);
    }
    aliases = hideAll(
      text,
      sites.sort((one, other) => one.index - other.index),
      hidden,
    );
  }
  return toBlanked(text, hidden);
}

/** A part of a blanked text as it is shown: each secret as `***`, whatever its length. */
export function showBlanked(text: string): string {
  return text.replaceAll(placeholders, "***");
}

/** Hides the values behind the places; the aliases in them stand for secrets, too. */
function hideAll(
  text: string,
  sites: readonly SecretSite[],
  hidden: Uint8Array,
): ReadonlySet<string> {
  const aliases = new Set<string>();
  let closed = 0;
  for (const site of sites) {
    // What stands inside quotes or brackets is hidden already, what begins behind them may go on.
    if (site.index >= closed) {
      const enclosed = findEnclosed(text, site);
      closed = Math.max(closed, enclosed?.end ?? 0);
      for (const [start, end] of findSpans(text, site, enclosed, hidden)) {
        hidden.fill(1, start, end);
        for (const name of findAliases(text.slice(start, end))) {
          aliases.add(name);
        }
      }
    }
  }
  return aliases;
}

/** All of a value, but lines that an outer secret has hidden. */
function* findSpans(
  text: string,
  site: SecretSite,
  enclosed: EnclosedValue | undefined,
  hidden: Uint8Array,
): Iterable<Span> {
  const isInside = hidden[site.index] === 1;
  const hasNewTail = enclosed?.hasTail === true && hidden[enclosed.end] !== 1;
  if (enclosed !== undefined) {
    yield [enclosed.start, enclosed.end];
  }
  if (hasNewTail) {
    yield [enclosed.end, findRest(text, enclosed)[1]];
  }
  if (!isInside && enclosed?.isBelow !== false) {
    yield findRest(text, site);
  }
  if (!isInside || hasNewTail || isBegunBelow(text, site)) {
    yield* untilHidden(findBelow(text, site, enclosed), isInside ? hidden : undefined);
  }
}

function* untilHidden(lines: Iterable<Span>, hidden: Uint8Array | undefined): Iterable<Span> {
  for (const line of lines) {
    if (hidden?.[line[0]] === 1) {
      return;
    }
    yield line;
  }
}

function toBlanked(text: string, hidden: Uint8Array): string {
  let blanked = "";
  for (let at = 0; at < text.length; ) {
    const start = positionOf(1, hidden, at);
    const end = positionOf(0, hidden, start);
    blanked += text.slice(at, start) + text.slice(start, end).replaceAll(/[^\r\n]/g, placeholder);
    at = end;
  }
  return blanked;
}

function positionOf(flag: 0 | 1, hidden: Uint8Array, from: number): number {
  const position = hidden.indexOf(flag, from);
  return position === -1 ? hidden.length : position;
}
