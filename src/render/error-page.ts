import { wrap } from "./layout.ts";
import type { Paint } from "./paint.ts";

/** What is told of a code. */
interface Page {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
  /** A manifest that gives it, and one that does not. */
  readonly wrong?: string;
  readonly right?: string;
}

/** A code explained as text: what happened, why, what to do, and an example. */
export function renderErrorPage(
  page: Page,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string {
  const told = [
    ["What happened", page.what],
    ["Why", page.why],
    ["What to do", page.remedy],
  ] as const;
  const examples = [
    ["Like this", page.wrong],
    ["Better", page.right],
  ] as const;
  const parts = [
    [paint.bold(page.code)],
    ...told.map(([name, text]) => [
      `  ${paint.dim(name)}`,
      ...wrap(text.replaceAll("`", ""), width - 4).map((line) => `    ${line}`),
    ]),
    ...examples.flatMap(([name, text]) =>
      text === undefined
        ? []
        : [
            [
              `  ${paint.dim(name)}`,
              ...text
                .trimEnd()
                .split("\n")
                .map((line) => `    ${line}`),
            ],
          ],
    ),
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
