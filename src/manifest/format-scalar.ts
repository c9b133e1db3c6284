import { CST } from "yaml";
import type { Content } from "./format-tree.ts";

type FlowScalar = CST.FlowScalar;

/** Words that some YAML reads as something else than text. */
const reserved = /^(?:true|false|null|yes|no|on|off|y|n|\.nan|[-+]?\.inf)$/i;
/** Numbers, dates and times, and what could be taken for them. */
const numeric = /^[-+.\d][\d_.,:a-fox+-]*$/i;
const harmless = /^[\p{L}\p{N}_/.][\p{L}\p{M}\p{N}_ ./@+()';:!?=*&~<>|^%$#-]*$/u;
/** What parts entries within brackets. */
const punctuation = /[,[\]{}]/g;
const blockHeader = /^([|>])([-+]?)\d?([-+]?)$/;

/** A plain or quoted scalar: in quotes only where it would mean something else without. */
export function writeFlowScalar(
  token: FlowScalar,
  { isTagged, isInline }: { readonly isTagged: boolean; readonly isInline: boolean },
): Content & { readonly type: "text" } {
  const { type, source } = token;
  if (source.includes("\n")) {
    const [first = "", ...rest] = source.split("\n");
    const lines = [first, ...rest.map((line) => line.replace(/^[ \t]+/, ""))];
    return { type: "text", lines, isBelow: false };
  }
  const isQuoted = type === "single-quoted-scalar" || type === "double-quoted-scalar";
  const written = isQuoted && !isTagged ? requote(token, isInline) : source;
  return { type: "text", lines: [written], isBelow: false };
}

/** What a key means, as text. */
export function toKeyName(key: CST.Token): string {
  if (!CST.isScalar(key)) {
    return "";
  }
  return key.type === "scalar" && !key.source.includes("\n")
    ? key.source
    : CST.resolveAsScalar(key).value;
}

/** A key as one line of text. */
export function writeKey(token: CST.Token, text: string): string {
  if (CST.isScalar(token) && token.type !== "block-scalar" && !token.source.includes("\n")) {
    const isQuoted = token.type !== "scalar";
    return isQuoted ? requote(token, true) : token.source;
  }
  return JSON.stringify(text);
}

function requote(token: FlowScalar, isInline: boolean): string {
  const { value } = CST.resolveAsScalar(token);
  if (isPlain(isInline ? value : value.replace(punctuation, ""), value)) {
    return value;
  }
  return token.type === "single-quoted-scalar" && !/["\\]/.test(value)
    ? `"${value}"`
    : token.source;
}

/** Whether a text means itself without quotes; `letters` is what of it may stand anywhere in a plain text. */
function isPlain(letters: string, text: string): boolean {
  return (
    harmless.test(letters) &&
    /^[^,[\]{}]/.test(text) &&
    !reserved.test(text) &&
    !numeric.test(text) &&
    !/:(?: |$)| #| $|\$\{|^<<$|^\.\.\./.test(text)
  );
}

/** A block scalar: its lines are kept, its indentation is told only where it cannot be seen. */
export function writeBlockScalar(token: CST.BlockScalar): Content {
  const sign = token.props.find(({ type }) => type === "block-scalar-header");
  const header = sign !== undefined && "source" in sign ? sign.source : "";
  const [, style = "|", before = "", after = ""] = blockHeader.exec(header) ?? [];
  const all = token.source.split("\n");
  const source = all.at(-1) === "" ? all.slice(0, -1) : all;
  const first = source.find(hasContent) ?? "";
  const meant = (CST.resolveAsScalar(token).value ?? "").split("\n").find(hasContent) ?? "";
  const indent = countSpaces(first) - countSpaces(meant);
  const lines = source.map((line) => line.slice(Math.min(indent, countSpaces(line))));
  const indicator = meant.startsWith(" ") ? "2" : "";
  return { type: "block", header: `${style}${before}${after}${indicator}`, lines };
}

function hasContent(line: string): boolean {
  return /[^ ]/.test(line);
}

function countSpaces(line: string): number {
  return line.search(/[^ ]|$/);
}
