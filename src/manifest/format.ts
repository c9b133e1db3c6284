import { Lexer } from "yaml";
import type { Diagnostic, Result } from "../model/diagnostic.ts";
import type { JsonObject } from "../model/json.ts";
import { bundleManifest } from "./bundle.ts";
import { canonicalText } from "./canonical.ts";
import { composeText } from "./compose.ts";
import { orderTree } from "./format-order.ts";
import { parseFormat } from "./format-parse.ts";
import { printFormat } from "./format-print.ts";
import { parseYaml } from "./parse.ts";
import { propertiesOf } from "./schema-walk.ts";
import { notManifest, screenText } from "./screen.ts";
import { indexText, type ManifestSource } from "./source.ts";

/**
 * A manifest's text in canonical order and layout, or why it is none. What it means, and every comment
 * in it, is the same: that is checked, and a text of which it does not hold is refused. JSON stays as it is.
 */
export function formatManifest(source: ManifestSource, provider: JsonObject): Result<string> {
  if (isJson(source.text)) {
    return { ok: true, value: source.text, diagnostics: [] };
  }
  const indexed = indexText(source);
  const newline = indexed.text.includes("\r\n") ? "\r\n" : "\n";
  const text = indexed.text.replaceAll("\r\n", "\n");
  const schema = bundleManifest(provider);
  const before = read({ file: source.file, text }, schema);
  if (!before.ok) {
    return before;
  }
  const tree = parseFormat(text);
  const formatted = printFormat({ ...tree, root: orderTree(tree.root, schema) });
  const after = read({ file: source.file, text: formatted }, schema);
  if (!after.ok || after.value !== before.value) {
    return { ok: false, diagnostics: [unsafe(source.file)] };
  }
  return { ok: true, value: formatted.replaceAll("\n", newline), diagnostics: [] };
}

/** What a text means and the comments in it, as one text to compare. */
function read(source: ManifestSource, schema: JsonObject): Result<string> {
  const indexed = indexText(source);
  const names = Object.keys(propertiesOf(schema));
  const obstacles = screenText(indexed, names);
  if (obstacles.length > 0) {
    return { ok: false, diagnostics: obstacles };
  }
  const parsed = parseYaml(indexed);
  if (!parsed.ok) {
    return parsed;
  }
  const { value, diagnostics } = composeText(parsed.value);
  const isManifest = Object.keys(value).some((name) => names.includes(name));
  if (diagnostics.length > 0 || !isManifest) {
    return {
      ok: false,
      diagnostics: diagnostics.length > 0 ? diagnostics : [notManifest(indexed)],
    };
  }
  return {
    ok: true,
    value: [canonicalText(value), ...commentsIn(source.text)].join("\n"),
    diagnostics: [],
  };
}

/** The comments of a text, sorted. */
function commentsIn(text: string): readonly string[] {
  const comments = [...new Lexer().lex(text)].filter((token) => token.startsWith("#"));
  return comments.map((comment) => comment.trimEnd()).sort();
}

/** In lines, a file of JSON would be none any more. */
function isJson(text: string): boolean {
  if (!text.trimStart().startsWith("{")) {
    return false;
  }
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function unsafe(file: string): Diagnostic {
  return {
    severity: "error",
    code: "manifest/not-formattable",
    summary: `${file} is left as it is: in canonical form it would mean something else`,
    detail: "This is a fault of the formatter, not of the file.",
    hint: "write unusual YAML in a simpler way, and please report what the file has",
    range: { file, line: 1, column: 1 },
  };
}
