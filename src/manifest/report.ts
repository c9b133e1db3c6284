import type { Diagnostic } from "../model/diagnostic.ts";
import { formatCount } from "./words.ts";

/** Collects what is wrong with many rows or entries, and counts what is too much to be told. */
export interface Report {
  add(problems: readonly Diagnostic[]): void;
  diagnostics(): readonly Diagnostic[];
}

/** Problems beyond so many are only counted. */
export const problemsShownMax = 20;

/** Collects diagnostics; of those beyond the first few, only the number is told. */
export function createReport(what: string): Report {
  const shown: Diagnostic[] = [];
  let rest = 0;
  return {
    add(problems) {
      for (const problem of problems) {
        if (shown.length < problemsShownMax) {
          shown.push(problem);
        } else {
          rest += 1;
        }
      }
    },
    diagnostics() {
      const last = shown.at(-1);
      const detail = `This ${what} has ${formatCount(rest, "more problem")} that ${rest === 1 ? "is" : "are"} not shown.`;
      return rest === 0 || last === undefined
        ? shown
        : [...shown.slice(0, -1), { ...last, detail }];
    },
  };
}
