import { escapeText } from "../escape.ts";

/** Text that is HTML already. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[];

const entities: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** HTML as it is written, with what is put into it escaped: whatever it is, it stays text. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const markup = parts
    .map((part, index) => part + (index < values.length ? toMarkup(values[index] ?? "") : ""))
    .join("");
  return { markup };
}

/** Nothing. */
export const nothing: Markup = { markup: "" };

/** Our own text as it is: style, script. */
export function verbatim(markup: string): Markup {
  return { markup };
}

function toMarkup(value: Value): string {
  if (typeof value === "string" || typeof value === "number") {
    return escapeHtml(String(value));
  }
  return "markup" in value ? value.markup : value.map(({ markup }) => markup).join("");
}

function escapeHtml(text: string): string {
  return escapeText(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
