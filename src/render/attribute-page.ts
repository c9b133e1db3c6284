import { padTo, wrap } from "./layout.ts";
import type { Paint } from "./paint.ts";

/** A name with what it is, in one line of a table. */
interface Line {
  readonly name: string;
  readonly type: string;
  readonly description: string;
}

/** What is told of an attribute. */
export interface Page {
  readonly name: string;
  readonly description: string;
  /** What it is called, and what is known of it. */
  readonly facts: readonly (readonly [name: string, fact: string])[];
  readonly attributes: readonly Line[];
  /** Lines as they would stand in a manifest. */
  readonly examples: readonly string[];
}

interface Options {
  readonly paint: Paint;
  readonly width: number;
}

/** An attribute explained as text. */
export function renderAttributePage(page: Page, { paint, width }: Options): string {
  const column = Math.max(0, ...page.facts.map(([name]) => name.length)) + 4;
  const facts = page.facts.flatMap(([name, fact]) =>
    wrap(fact, width - column).map((line, index) =>
      index === 0 ? `  ${paint.dim(padTo(name, column - 2))}${line}` : " ".repeat(column) + line,
    ),
  );
  const parts = [
    [paint.bold(page.name)],
    wrap(page.description, width - 2).map((line) => `  ${line}`),
    facts,
    page.attributes.length === 0 ? [] : renderLines(page.attributes, { paint, width }),
    page.examples.map((line) => (line === "" ? "" : paint.dim(`  ${line}`))),
  ];
  return `${parts
    .filter((lines) => lines.length > 0 && lines.join("") !== "")
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** Names with what they are, and the beginning of what is said of them. */
export function renderLines(lines: readonly Line[], { paint, width }: Options): string[] {
  const column = Math.max(...lines.map(({ name }) => name.length)) + 4;
  return lines.flatMap(({ name, type, description }) => {
    // A value before a colon, as in "true: ...", is not yet a sentence.
    const [sentence = ""] = /^\S* .*?[.:](?= |$)/.exec(description) ?? [description];
    const told = wrap(sentence.replace(/:$/, "."), width - column);
    return [
      `  ${paint.bold(padTo(name, column - 2))}${paint.dim(type)}`,
      ...told.map((line) => " ".repeat(column) + line),
    ];
  });
}
