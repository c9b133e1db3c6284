import picocolors from "picocolors";
import type { Paint } from "../render/paint.ts";
import { type Terminal, variable } from "./terminal.ts";

/** The colours of both streams: for people who did not ask for none. */
export function createPaints(
  { environment, isOutputTty, isErrorTty }: Terminal,
  isWanted: boolean,
): { readonly paint: Paint; readonly notePaint: Paint } {
  const isSet = (name: string): boolean => variable(environment, name) !== undefined;
  const isForced = isSet("FORCE_COLOR") && environment["FORCE_COLOR"] !== "0";
  const isPlain = isSet("CI") || environment["TERM"] === "dumb";
  const isColoured = (isTty: boolean): boolean =>
    isWanted && !isSet("NO_COLOR") && (isForced || (isTty && !isPlain));
  return {
    paint: picocolors.createColors(isColoured(isOutputTty)),
    notePaint: picocolors.createColors(isColoured(isErrorTty)),
  };
}
