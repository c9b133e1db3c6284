import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/** Markdown as a code host makes HTML of it, before it takes out what it does not allow. */
export function toHtml(markdown: string): string {
  return micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
}

/** The names of all elements in a piece of HTML, closing ones with their slash. */
export function tagsIn(html: string): readonly string[] {
  return [...html.matchAll(/<(\/?[a-zA-Z][\w-]*)/g)].map(([, name = ""]) => name);
}

/** What is read of a piece of HTML, its entities resolved. */
export function textOf(html: string): string {
  return html
    .replaceAll(/<!--[\s\S]*?-->|<\/?[a-zA-Z][^>]*>/g, "")
    .replaceAll(/&#(x?)([\da-f]+);/gi, (_, hex, digits) =>
      String.fromCodePoint(Number.parseInt(digits, hex === "" ? 10 : 16)),
    )
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}

/** What is read outside code, where hosts look for mentions and references. */
export function proseOf(html: string): string {
  return textOf(html.replaceAll(/<(code|pre)\b[^>]*>[\s\S]*?<\/\1>/g, "¶"));
}

/** The deletions that a comment lists, as addresses, and how many it says that it does not. */
export function deletionsIn(markdown: string): {
  readonly listed: readonly string[];
  readonly left: number;
} {
  const html = toHtml(markdown);
  const [, left = "0"] = /<strong>([\d,]+) of [\d,]+ deletions are not listed/.exec(html) ?? [];
  const start = html.indexOf("<h4>");
  const part = start < 0 ? "" : html.slice(start, endOf(html, start));
  return { listed: [...linesIn(part), ...namesIn(part)], left: toNumber(left) };
}

function endOf(html: string, start: number): number {
  const ends = ["<details>", "<p>Not all fits", "<p>Digest "].map((mark) =>
    html.indexOf(mark, start),
  );
  return Math.min(...ends.filter((end) => end >= 0));
}

/** One deletion a line: `− user/alice deleted`, below it `with members …`. */
function linesIn(part: string): readonly string[] {
  const found: string[] = [];
  let parent = "";
  for (const [, isOwn, body = ""] of part.matchAll(
    /<li>(?:<p>)?(<strong>−<\/strong>)?([\s\S]*?)(?=<\/?(?:li|ul)>)/g,
  )) {
    const codes = [...body.matchAll(/<code>([\s\S]*?)<\/code>/g)].map(([, code = ""]) =>
      textOf(code),
    );
    if (isOwn === undefined) {
      found.push(
        ...codes.map((name) => `membership/${parent.slice(parent.indexOf("/") + 1)}:${name}`),
      );
    } else {
      [parent = ""] = codes;
      found.push(parent);
    }
  }
  return found;
}

/** Names alone, below what they are of: `user: deleted (3)`, `members of group/lobby: deleted (2)`. */
function namesIn(part: string): readonly string[] {
  const blocks =
    /<p>(members of )?<code>([^<]*)<\/code>:[^<]*<\/p>\s*<pre><code>([\s\S]*?)<\/code><\/pre>/g;
  return [...part.matchAll(blocks)].flatMap(([, isParent, title = "", body = ""]) => {
    const name = textOf(title);
    const prefix =
      isParent === undefined ? `${name}/` : `membership/${name.slice(name.indexOf("/") + 1)}:`;
    const lines = textOf(body).trimEnd().split("\n");
    return lines.flatMap((line) => {
      const words = line.slice(2).match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
      return words.map((word) => prefix + (word.startsWith('"') ? JSON.parse(word) : word));
    });
  });
}

/** The counts of a comment's headline, by action. */
export function headlineOf(markdown: string): { readonly [action: string]: number } {
  const [, headline = ""] = /<h3>(.*)<\/h3>/.exec(toHtml(markdown)) ?? [];
  return Object.fromEntries(
    [...headline.matchAll(/<strong>\S+ ([\d,]+)<\/strong> to (\w+)/g)].map(
      ([, count = "", action]) => [action, toNumber(count)],
    ),
  );
}

/** The counts in the titles of a comment's tables, summed up by action. */
export function tableCountsOf(markdown: string): { readonly [action: string]: number } {
  const titles = [...toHtml(markdown).matchAll(/<summary><b>.*<\/summary>/g)].map(([title]) =>
    textOf(title),
  );
  return sum(titles.flatMap((title) => [...title.matchAll(/(?<=[:,] )([\d,]+) to (\w+)/g)]));
}

/** The changes of a page by action, counted one by one. */
export function pageCountsOf(html: string): { readonly [action: string]: number } {
  return sum(
    [...html.matchAll(/ data-(?:own|child)="()(\w+)"/g)].map(([all, , action = ""]) => [
      all,
      "1",
      action,
    ]),
  );
}

/** The counts that a page begins with. */
export function pageHeadOf(html: string): { readonly [action: string]: number } {
  const tiles = html.matchAll(/data-count="(\w+)"><span[^>]*>\S+ ([\d,]+)</g);
  return Object.fromEntries(
    [...tiles].map(([, action = "", count = ""]) => [action, toNumber(count)]),
  );
}

function sum(matches: readonly (readonly string[])[]): { readonly [action: string]: number } {
  const counts = new Map<string, number>();
  for (const [, count = "", action = ""] of matches) {
    counts.set(action, (counts.get(action) ?? 0) + toNumber(count));
  }
  return Object.fromEntries(counts);
}

function toNumber(text: string): number {
  return Number(text.replaceAll(",", ""));
}
