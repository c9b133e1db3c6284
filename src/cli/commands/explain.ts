import {
  type AttributePage,
  anyEntry,
  describeAttribute,
  linesOf,
} from "../../manifest/attribute-page.ts";
import { bundleManifest } from "../../manifest/bundle.ts";
import { exampleLines } from "../../manifest/example-lines.ts";
import { DIAGNOSTIC_CODES } from "../../model/diagnostic-code.ts";
import type { JsonObject } from "../../model/json.ts";
import type { KindSpec } from "../../model/kind.ts";
import { type Page, renderAttributePage, renderLines } from "../../render/attribute-page.ts";
import { renderErrorPage } from "../../render/error-page.ts";
import { escapeText } from "../../render/escape.ts";
import { joinWords } from "../../render/layout.ts";
import { type Context, writeJson } from "../command.ts";
import { findErrorPage } from "../error-pages.ts";
import { type ExitCode, exitCodes, type Failure, fail } from "../exit.ts";
import { didYouMean, findKind } from "../kind-name.ts";
import { theProvider } from "../project.ts";

/** Explains what a manifest can say, from its schema, and what messages mean, from the page of errors. */
export async function run(context: Context): Promise<ExitCode> {
  const { flags, operands, terminal, paint } = context;
  const provider = theProvider();
  const kinds = provider.kinds(provider.dialects[0] ?? "");
  const root = bundleManifest(provider.schema);
  const [name] = operands;
  const screen = { paint, width: Math.min(terminal.width, 100) };
  if (name === undefined) {
    const lines = linesOf(root, root);
    if (flags.json === true) {
      writeJson(context, { formatVersion: 1, attributes: lines });
    } else {
      const end = "cometform explain NAME tells more: user, groups.members.mode, policy.budgets";
      terminal.write(`${[...renderLines(lines, screen), "", `  ${end}`].join("\n")}\n`);
    }
    return exitCodes.done;
  }
  if (name.includes("/")) {
    return await explainCode(context, name, screen.width);
  }
  const page = find(name, root, kinds);
  if (flags.json === true) {
    writeJson(context, { formatVersion: 1, ...page });
  } else {
    terminal.write(renderAttributePage(toPage(page, findKind(name, kinds)), screen));
  }
  return exitCodes.done;
}

/** What the page of errors says about a code. */
async function explainCode(context: Context, code: string, width: number): Promise<ExitCode> {
  const { flags, terminal, paint } = context;
  const page = await findErrorPage(code);
  if (page === undefined) {
    throw fail(exitCodes.usage, {
      code: "cli/unknown-attribute",
      summary: `There is no code ${escapeText(code)}`,
      hint: didYouMean(code, DIAGNOSTIC_CODES) || "docs/errors.md has all of them.",
    });
  }
  if (flags.json === true) {
    writeJson(context, { formatVersion: 1, ...page });
  } else {
    terminal.write(renderErrorPage(page, { paint, width }));
  }
  return exitCodes.done;
}

function find(name: string, root: JsonObject, kinds: readonly KindSpec[]): AttributePage {
  const [first = "", ...rest] = name.split(".");
  const kind = findKind(first, kinds);
  if (kind !== undefined && kind.section === undefined) {
    throw unknown(
      name,
      `A ${kind.name} is declared within another kind: cometform explain group.members`,
    );
  }
  // Behind a section's name stands an attribute of its entries, unless it is one of the section's own.
  const keys = kind?.section === undefined ? [first] : [kind.section];
  const isOwn = rest[0]?.startsWith("$") === true;
  const path = kind === undefined || isOwn ? [...keys, ...rest] : [...keys, anyEntry, ...rest];
  const found = describeAttribute(name, path, root);
  if ("type" in found) {
    return found;
  }
  const isFirst = found.unknown === first && rest.length === 0;
  const known = [
    ...found.known,
    ...(isFirst || keys[0] === found.unknown ? kinds.map((one) => one.name) : []),
  ];
  const list = found.known.length === 0 ? "" : `Known here: ${joinWords(found.known)}.`;
  throw unknown(name, `${didYouMean(found.unknown, known)} ${list}`.trim());
}

function unknown(name: string, hint: string): Failure {
  return fail(exitCodes.usage, {
    code: "cli/unknown-attribute",
    summary: `There is nothing called ${escapeText(name)} in a manifest`,
    ...(hint === "" ? {} : { hint }),
  });
}

function toPage(page: AttributePage, kind: KindSpec | undefined): Page {
  const { name, description, type, rules, isSecret, isRequired, examples, attributes } = page;
  const facts: (readonly [string, string])[] = [["type", type]];
  if (rules.length > 0) {
    facts.push(["rule", rules.join("; ")]);
  }
  if (page.default !== undefined) {
    facts.push(["default", JSON.stringify(page.default).replaceAll('"', "")]);
  }
  if (kind === undefined) {
    facts.push(["null", nullText(page)]);
  }
  if (isRequired) {
    facts.push(["required", "yes"]);
  }
  for (const note of page.notes) {
    facts.push(["note", note]);
  }
  if (isSecret) {
    facts.push(["secret", "never read back, never shown, sent again only with --write-secret"]);
  }
  const key = kind?.section ?? name.split(".").at(-1) ?? name;
  const example = examples.at(-1);
  const shown = kind === undefined || example === undefined ? example : { ID: example };
  return { name, description, facts, attributes, examples: exampleLines(key, shown) };
}

function nullText({ null: effect, isRequired }: AttributePage): string {
  if (effect !== undefined) {
    return "clears it; left out, it stays as it is";
  }
  return isRequired ? "not allowed" : "not allowed; left out, it is not managed";
}
