import { isMap, isScalar, type Node, type Pair, parseDocument } from "yaml";
import type { Diagnostic, Result } from "../model/diagnostic.ts";
import { toKeyText } from "./key.ts";
import { type IndexedText, indexText, toRange } from "./source.ts";

type Variables = ReadonlyMap<string, string>;

const name = /^[A-Za-z_][A-Za-z0-9_]*$/;
const assignment = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/;

/** Reads variables from lines `NAME=VALUE` or from a YAML map of names to scalars. */
export function parseVariables(file: string, text: string): Result<Variables> {
  const source = indexText({ file, text });
  const lines = source.text.split(/\r?\n/);
  const first = lines.find((line) => !isBlank(line));
  const { variables, diagnostics } =
    first !== undefined && assignment.test(first) ? parseLines(source, lines) : parseYaml(source);
  return diagnostics.length === 0
    ? { ok: true, value: variables, diagnostics }
    : { ok: false, diagnostics };
}

interface Reading {
  readonly variables: Map<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

function isBlank(line: string): boolean {
  return /^[ \t]*(?:#.*)?$/.test(line);
}

function parseLines({ file }: IndexedText, lines: readonly string[]): Reading {
  const variables = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  for (const [index, line] of lines.entries()) {
    const [, key, value] = assignment.exec(line) ?? [];
    if (key !== undefined && value !== undefined) {
      variables.set(key, unquote(value.trim()));
    } else if (!isBlank(line)) {
      diagnostics.push({
        severity: "error",
        code: "manifest/variable-file",
        summary: "this line is not NAME=VALUE",
        range: { file, line: index + 1, column: 1 },
      });
    }
  }
  return { variables, diagnostics };
}

function unquote(value: string): string {
  const [, quoted] = /^"(.*)"$/.exec(value) ?? /^'(.*)'$/.exec(value) ?? [];
  return quoted ?? value;
}

function parseYaml(source: IndexedText): Reading {
  const variables = new Map<string, string>();
  const document = parseDocument(source.text, {
    lineCounter: source.lines,
    prettyErrors: false,
    logLevel: "error",
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const place = toRange(source, Math.min(error.pos[0], source.text.length), error.pos[1]);
    return { variables, diagnostics: [problem("this is not valid YAML", place)] };
  }
  if (document.contents === null) {
    return { variables, diagnostics: [] };
  }
  if (!isMap(document.contents)) {
    const place = { file: source.file, line: 1, column: 1 };
    return { variables, diagnostics: [problem("this is not a list of variables", place)] };
  }
  const diagnostics = (document.contents.items as readonly Pair<Node, Node | null>[]).flatMap(
    ({ key, value }) => addVariable(variables, key, value, source),
  );
  return { variables, diagnostics };
}

function addVariable(
  variables: Map<string, string>,
  key: Node,
  value: Node | null,
  source: IndexedText,
): readonly Diagnostic[] {
  const [start, end] = key.range ?? [0, 0];
  const place = toRange(source, start, end);
  const text = toKeyText(key);
  if (text === undefined || !name.test(text)) {
    return [problem("a variable's name has letters, digits and _ only", place)];
  }
  if (value !== null && !isScalar(value)) {
    return [problem(`${text} must be one value, not a map or a list`, place)];
  }
  variables.set(text, value === null || value.value === null ? "" : (toKeyText(value) ?? ""));
  return [];
}

/** Values are never quoted: variables are where secrets come from. */
function problem(summary: string, range: NonNullable<Diagnostic["range"]>): Diagnostic {
  return {
    severity: "error",
    code: "manifest/variable-file",
    summary,
    hint: "write NAME=VALUE lines or a YAML map of names to values",
    range,
  };
}
