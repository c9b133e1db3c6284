import type { RunRecord } from "../model/journal.ts";
import { formatCount } from "../render/layout.ts";
import type { Context } from "./command.ts";

/** What is shown while a plan is executed. */
export interface Progress {
  note(record: RunRecord): void;
  /** Ends the showing; to be called whatever happens. */
  stop(): void;
}

const lineIntervalMs = 10_000;
const redrawIntervalMs = 100;
const clearLine = `\r${String.fromCharCode(27)}[K`;

/** Shows how far a plan has got: one line that is redrawn, or a line every ten seconds in a pipeline. */
export function showProgress({ terminal, flags }: Context): Progress {
  if (flags.quiet === true) {
    return { note: () => undefined, stop: () => undefined };
  }
  const isRedrawn = terminal.isErrorTty;
  let text = "";
  let failed = 0;
  const draw = (): void => {
    if (text !== "") {
      terminal.note(isRedrawn ? `${clearLine}  ${text}` : `  ${text}\n`);
    }
  };
  const timer = setInterval(draw, isRedrawn ? redrawIntervalMs : lineIntervalMs);
  return {
    note: (record) => {
      if (record.type === "progress") {
        failed += record.status === "applied" ? 0 : 1;
        text = progressText(record.done, record.total, failed);
      }
    },
    stop: () => {
      clearInterval(timer);
      if (isRedrawn && text !== "") {
        terminal.note(clearLine);
      }
    },
  };
}

/** How far it has got: `5,920 / 8,000 calls   2 not applied`. */
export function progressText(done: number, total: number, failed: number): string {
  const trouble = failed === 0 ? "" : `   ${formatCount(failed)} not applied`;
  return `${formatCount(done)} / ${formatCount(total)} calls${trouble}`;
}
