import { readFile } from "node:fs/promises";
import { exitCodes, fail } from "./exit.ts";

/** What the documentation says about one code. */
export interface ErrorPage {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
  /** A manifest that has the error, and one that has it no longer, where there are such. */
  readonly wrong?: string;
  readonly right?: string;
}

// As far below the root as the built command line is.
const file = new URL("../../docs/errors.md", import.meta.url);
const heading = /^### ([a-z]+\/[a-z-]+)$/;
const outside = "`";

/** The sections of the page of errors, by code. */
export function readErrorPages(text: string): ReadonlyMap<string, ErrorPage> {
  const sections = text.split(/^(?=##+ )/m).flatMap((section) => {
    const [first = "", ...lines] = section.split("\n");
    const code = heading.exec(first)?.[1];
    return code === undefined ? [] : [toPage(code, lines.join("\n"))];
  });
  return new Map(sections.map((page) => [page.code, page] as const));
}

function toPage(code: string, body: string): ErrorPage {
  const part = (name: string): string => {
    const [, text = ""] = new RegExp(`^\\*\\*${name}:\\*\\* (.+)$`, "m").exec(body) ?? [];
    // Links lead somewhere on the page, and nowhere on a screen.
    return text.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, "$1");
  };
  const block = (info: string): string | undefined => {
    const fence = outside.repeat(3);
    const [, text] =
      new RegExp(`^${fence}yaml ${info}\n([\\s\\S]*?)^${fence}$`, "m").exec(body) ?? [];
    return text;
  };
  const [wrong, right] = [block(`error=${code}`), block("fixed")];
  return {
    code,
    what: part("What happened"),
    why: part("Why"),
    remedy: part("What to do"),
    ...(wrong === undefined ? {} : { wrong }),
    ...(right === undefined ? {} : { right }),
  };
}

/**
 * What the documentation that comes with this version says about a code, if it has that code.
 *
 * @throws Failure when this copy came without its documentation.
 */
export async function findErrorPage(
  code: string,
  page: URL = file,
): Promise<ErrorPage | undefined> {
  return readErrorPages(await readFile(page, "utf8").catch(refuseCopy)).get(code);
}

function refuseCopy(): never {
  throw fail(exitCodes.unexpected, {
    code: "file/not-found",
    summary: "This copy of cometform came without docs/errors.md, which explains codes",
    hint: "Install the package as it is published, or read the page in its repository.",
  });
}
