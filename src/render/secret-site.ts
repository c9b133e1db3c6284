/** A place in a text behind which a secret stands. */
export interface SecretSite {
  /** A place in its key or its anchor. */
  readonly index: number;
  /** Where its value may begin. */
  readonly end: number;
  /** All that is in the value is secret, whatever it looks like. */
  readonly isWhole: boolean;
  /** The keys right inside may be shown. */
  readonly hasOpenKeys: boolean;
}

/**
 * A word that may be a key. There may be slips before the colon, and none where a line or a list item
 * begins with the word.
 */
const word =
  /(?<![\w@-])-*([\w@][\w@-]*)["']?(?:(?:[ \t]*|[^\w\n:=]{0,4})[:=：]|[ \t]+(?=[^\s,}\]#])(?<=^[ \t]*(?:[-?][ \t]+)*["']?\1["']?[ \t]+))/gm;
/** Keys that look like a secret's, misspelt ones included. */
const secretKey = /pas+w|^pass$|passphrase|pwd|secret|token|api_?key|@pri?v|@pi?v|basic_?auth/i;
/** Keys of which everything below is secret, too. */
const wholeKey = /^(?:@?password|@\w*)$/i;
const loginKey = /^basic_?auth$/i;
/** What may say that a variable is a secret: the word in any place, unless it is plainly denied. */
const sensitiveKey = /sens[it]+v(?!\w*["']?\s*[:=：]\s*false\s*(?:[,}#\r\n]|$))/i;
/** What gives values of a variable in the text. */
const givenKey = /^(?:default|enum)$/i;
/** The colon of an explicit key: what the key is stands in other lines, in any form. */
const looseColon = /^[ \t]*(?:-[ \t]+)*:/gm;
/** A key that an alias stands for. */
const aliasKey = /(?<![\w"'*])\*[^\s,[\]{}:"'*]+[ \t]*:/g;

/** The places behind which secrets stand, by the names of their keys, in the order of the text. */
export function findSites(text: string): readonly SecretSite[] {
  return [
    ...findNamed(text),
    ...findEscaped(text),
    ...[looseColon, aliasKey].flatMap((pattern) =>
      [...text.matchAll(pattern)].map((match) => {
        const end = match.index + match[0].length;
        return { index: end - 1, end, isWhole: true, hasOpenKeys: false };
      }),
    ),
  ].sort((one, other) => one.index - other.index);
}

function findNamed(text: string): readonly SecretSite[] {
  // Overlays, anchors and merges can say it far from the value, so it goes for the whole text.
  const hasSensitive = sensitiveKey.test(text) || findEscaped(text).length > 0;
  return [...text.matchAll(word)].flatMap(({ index, 0: match, 1: name = "" }) => {
    const isGiven = hasSensitive && givenKey.test(name);
    if (!isGiven && !secretKey.test(name)) {
      return [];
    }
    const end = index + match.length;
    const isWhole = isGiven || wholeKey.test(name);
    const site = { index, end, isWhole, hasOpenKeys: isWhole && name.startsWith("@p") };
    // A login is a map whose own password is found by its name; as one text it would be all of it.
    const isLoginMap = loginKey.test(name) && /^[ \t]*\{/.test(text.slice(end, end + 200));
    return isLoginMap ? [] : [site];
  });
}

/** Keys in double quotes that are written with escapes may be any. */
function findEscaped(text: string): readonly SecretSite[] {
  const sites: SecretSite[] = [];
  const colon = /\s*:/y;
  for (let index = text.indexOf('"'); index >= 0; ) {
    const close = text.indexOf('"', index + 1);
    colon.lastIndex = close + 1;
    // The quote itself may be escaped, and stand inside the key.
    const isEscaped = text.slice(Math.max(index - 1, 0), Math.max(close, 0)).includes("\\");
    if (isEscaped && colon.test(text)) {
      sites.push({ index: close, end: colon.lastIndex, isWhole: true, hasOpenKeys: false });
    }
    index = close;
  }
  return sites;
}

/** Where anchors stand, by their names. */
export function findAnchors(text: string): ReadonlyMap<string, readonly SecretSite[]> {
  const anchors = new Map<string, SecretSite[]>();
  for (const { index, 0: match, 1: name = "" } of text.matchAll(/&([^\s,[\]{}]+)/g)) {
    const sites = anchors.get(name) ?? [];
    sites.push({ index, end: index + match.length, isWhole: true, hasOpenKeys: false });
    anchors.set(name, sites);
  }
  return anchors;
}

/** The names of all aliases in a text. */
export function findAliases(text: string): readonly string[] {
  return [...text.matchAll(/\*([^\s,[\]{}]+)/g)].map(([, name = ""]) => name);
}
