import { existsSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { readMarkdown } from "./markdown.ts";
import type { Page } from "./pages.ts";

/** A link of a page to something in the repository. */
export interface Link {
  readonly line: number;
  readonly text: string;
  /** From the root of the repository; the page itself for an anchor alone. */
  readonly path: string;
  readonly anchor: string;
}

const LINK =
  /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|<a\s[^>]*href="([^"]+)"|^\[[^\]]+\]:\s*(\S+)/g;
const ELSEWHERE = /^(?:[a-z][a-z+.-]*:|\/\/)/i;

/** The links of a page that stay in the repository. */
export function linksOf({ file, text }: Page): readonly Link[] {
  return readMarkdown(text).prose.flatMap((line, at) =>
    [...withoutCode(line).matchAll(LINK)].flatMap(([, inline, attribute, reference]) => {
      const target = inline ?? attribute ?? reference ?? "";
      if (ELSEWHERE.test(target)) {
        return [];
      }
      const [name = "", anchor = ""] = decodeURIComponent(target).split("#");
      const path = name === "" ? file : normalize(join(dirname(file), name));
      return [{ line: at + 1, text: target, path, anchor }];
    }),
  );
}

/** What anchors a page has, as GitHub names them. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const line of readMarkdown(text).prose) {
    for (const [, id = ""] of line.matchAll(/<a\s[^>]*(?:id|name)="([^"]+)"/g)) anchors.add(id);
    const [, heading] = /^#{1,6}\s+(.*?)\s*#*$/.exec(line) ?? [];
    if (heading === undefined) continue;
    const slug = toSlug(heading);
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

/** Lower case, without marks and punctuation, and with a hyphen for each blank. */
function toSlug(heading: string): string {
  return heading
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/<[^>]+>/g, "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}

/** What is wrong with the links of pages, each with its place. */
export function brokenLinks(pages: readonly Page[], root: string): readonly string[] {
  const anchors = new Map(pages.map(({ file, text }) => [file, anchorsOf(text)]));
  return pages.flatMap((page) =>
    linksOf(page).flatMap(({ line, text, path, anchor }) => {
      const place = `${page.file}:${line}: ${text}`;
      if (path.startsWith("..") || !existsSync(join(root, path))) {
        return [`${place} leads nowhere`];
      }
      const isPage = anchors.has(path);
      return anchor === "" || (isPage && anchors.get(path)?.has(anchor) === true)
        ? []
        : [`${place} names no heading of ${path}`];
    }),
  );
}

/** The pages that links lead to from one of them, over others. */
export function reachableFrom(
  start: string,
  pages: readonly Page[],
  root: string,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const page = pages.find((one) => one.file === file);
    if (page === undefined || reached.has(file)) continue;
    reached.add(file);
    open.push(...linksOf(page).flatMap(({ path }) => pagesAt(path, pages, root)));
  }
  return reached;
}

/** A link to a folder leads to all pages in it. */
function pagesAt(path: string, pages: readonly Page[], root: string): readonly string[] {
  const full = join(root, path);
  return existsSync(full) && statSync(full).isDirectory()
    ? pages
        .filter(({ file }) => join(dirname(file), "/") === join(path, "/"))
        .map(({ file }) => file)
    : [path];
}

function withoutCode(line: string): string {
  return line.replaceAll(/(`+)(?:(?!\1).)+\1/g, "code");
}
