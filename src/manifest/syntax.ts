import type { YAMLError } from "yaml";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { DiagnosticCode } from "../model/diagnostic-code.ts";
import { type IndexedText, toRange } from "./source.ts";

const hints: { readonly [code: string]: string } = {
  BAD_DQ_ESCAPE: "write \\\\ for a backslash, or use 'single quotes'",
  BAD_INDENT: "indent it like the lines around it",
  BAD_SCALAR_START: "write the value in quotes",
  BLOCK_AS_IMPLICIT_KEY: "write a value that contains a colon in quotes",
  MULTILINE_IMPLICIT_KEY: 'is there a ":" missing?',
  TAB_AS_INDENT: "indent with spaces",
  TAG_RESOLVE_FAILED: "leave the tag out",
};

/** What the parser objects to, in words; at most `shownMax` places, the last tells of the rest. */
export function describeErrors(
  source: IndexedText,
  errors: readonly YAMLError[],
  shownMax: number,
): readonly Diagnostic[] {
  const causes = withoutConsequences(source, errors);
  const shown = causes.slice(0, shownMax).map((error) => toDiagnostic(source, error));
  const last = shown.at(-1);
  const rest = causes.length - shownMax;
  return rest <= 0 || last === undefined
    ? shown
    : [
        ...shown.slice(0, -1),
        {
          ...last,
          detail: `At least ${rest} more lines are not valid YAML. Is this the right file?`,
        },
      ];
}

/**
 * The first error of each line, up to where the parser lost the document: from there on it reports
 * every token it meets.
 */
function withoutConsequences(
  source: IndexedText,
  errors: readonly YAMLError[],
): readonly YAMLError[] {
  const lost = errors.findIndex(({ message }) => message.includes("token in YAML stream"));
  const inOrder = errors
    .slice(0, lost === -1 ? errors.length : Math.max(lost, 1))
    .toSorted((one, other) => one.pos[0] - other.pos[0]);
  const lines = inOrder.map((error) => source.lines.linePos(error.pos[0]).line);
  return inOrder.filter((_, index) => lines[index] !== lines[index - 1]);
}

function toDiagnostic(source: IndexedText, error: YAMLError): Diagnostic {
  const start = Math.min(error.pos[0], Math.max(source.text.length - 1, 0));
  const { code, summary, hint } = toWords(error, isVariable(source.text, start));
  return {
    severity: "error",
    code,
    summary,
    ...(hint === undefined ? {} : { hint }),
    range: toRange(source, start, Math.max(error.pos[1], start + 1)),
  };
}

interface Words {
  readonly code: DiagnosticCode;
  readonly summary: string;
  readonly hint?: string | undefined;
}

function toWords(error: YAMLError, isAtVariable: boolean): Words {
  if (error.code === "MULTIPLE_DOCS") {
    const code = "manifest/several-documents";
    return { code, summary: "a second document begins here", hint: "keep one document in a file" };
  }
  const code = "manifest/syntax";
  return isAtVariable
    ? {
        code,
        summary: "not valid YAML: inside { } and [ ], a variable needs quotes",
        hint: 'write "${NAME}"',
      }
    : { code, summary: `not valid YAML: ${reasonOf(error)}`, hint: hints[error.code] };
}

/** The parser's own words, without what it quotes: that might be a secret. */
function reasonOf(error: YAMLError): string {
  switch (error.code) {
    case "RESOURCE_EXHAUSTION":
      return "it is nested too deep";
    case "UNEXPECTED_TOKEN":
      return uncapitalize(error.message.replace(/: [\s\S]*$/, ""));
    case "BAD_DQ_ESCAPE":
      return "an escape sequence that does not exist";
    case "TAG_RESOLVE_FAILED":
      return "a tag that means nothing here";
    default:
      return uncapitalize(error.message);
  }
}

function uncapitalize(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Whether the `{` of a `${` stands there, which YAML takes for the start of a map. */
function isVariable(text: string, start: number): boolean {
  return text.slice(start - 1, start + 1) === "${" || text.slice(start, start + 2) === "${";
}
