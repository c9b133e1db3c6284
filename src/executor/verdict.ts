import type { Json } from "../model/json.ts";
import type { Address } from "../model/resource.ts";
import { ProviderError, type Standing } from "../providers/provider.ts";
import type { RowResult } from "./ledger.ts";
import { redact, type Secrets } from "./secrets.ts";

/** The call that is told about; what its body keeps secret is told to nobody. */
export interface About {
  readonly body: Json;
  readonly secrets: Secrets;
}

/** What to say of a row that was looked for; it is unknown where nothing shows it. */
export function judge(
  error: ProviderError,
  standing: Standing | undefined,
  about: About,
): RowResult {
  if (standing === "done") return DONE;
  // What the service says is there, and does not show, may show later.
  const isOver = error.kind !== "already-so" && !mayBeUnderWay(error);
  const isUndone = standing === "different" || (standing === "undone" && isOver);
  return { ...toResult(error, about), status: isUndone ? "failed" : "unknown" };
}

/** Whether a call may still be carried out, although nobody waits for its answer any more. */
export function mayBeUnderWay({ kind, status }: ProviderError): boolean {
  return kind === "unknown-outcome" && (status === undefined || WAITED_TOO_LONG.has(status));
}

/** What proxies answer when they have waited long enough, whatever becomes of the call. */
const WAITED_TOO_LONG: ReadonlySet<number> = new Set([408, 504]);

/** What an error makes of a row. */
export function toResult(error: ProviderError, { body, secrets }: About): RowResult {
  const hide = (text: string) => redact(text, body, secrets).replace(/\.$/, "");
  const status = error.kind === "unknown-outcome" ? "unknown" : "failed";
  const said = [error.message, error.reason].filter((part) => part !== undefined);
  const hint = error.hint === undefined ? {} : { hint: redact(error.hint, body, secrets) };
  return { status, error: { code: error.code, message: said.map(hide).join(". "), ...hint } };
}

/** What is not written down is not sent: nobody could tell afterwards whether it was. */
export function toUnkept(error: unknown): RowResult {
  const reason = error instanceof Error ? error.message : String(error);
  const hint =
    "Make room for the journal in .cometform/; then cometform apply --resume goes on with it.";
  const message = `the journal cannot be written, so nothing more is sent: ${reason}`;
  return { status: "skipped", error: { code: "JOURNAL_UNWRITABLE", message, hint } };
}

/** What is said of a row that was done. */
export const DONE: RowResult = { status: "applied" };

/** What is said of a row that was not sent because of an interruption. */
export const INTERRUPTED: RowResult = {
  status: "skipped",
  error: {
    code: "INTERRUPTED",
    message: "the run was interrupted before this call",
    hint: "cometform apply --resume goes on with it.",
  },
};

/** What is said of a row that cannot be sent by itself, once what carries it is there without it. */
const NOT_CARRIED: RowResult = {
  status: "unknown",
  error: {
    code: "NOT_CARRIED",
    message: "the call that was to carry it went through, and the app does not show it",
    hint: "Run apply again: it plans only what is left.",
  },
};

/** What is said of a row that its call went through without: one that is not in doubt was refused. */
export function toLeftBehind(isInDoubt: boolean): RowResult {
  return isInDoubt ? NOT_CARRIED : { ...NOT_CARRIED, status: "failed" };
}

/** What is known of a call that was under way when its run ended. */
export const CUT_SHORT: ProviderError = new ProviderError({
  kind: "unknown-outcome",
  code: "CUT_SHORT",
  message: "the run was cut short while this call was under way",
  hint: "cometform apply --resume finds out and finishes the run; plan shows what is still missing.",
});

/** What is said of a row that was not yet to be sent when its run ended. */
export const NOT_REACHED: RowResult = {
  status: "skipped",
  error: {
    code: "NOT_REACHED",
    message: "the run ended before this call",
    hint: "cometform apply --resume goes on with it.",
  },
};

/** What is said of a row whose need was not met. */
export function toSkipped(need: Address): RowResult {
  const hint = "It follows by itself: mend what it needs, then run apply again.";
  return { status: "skipped", error: { code: "NEED_NOT_MET", message: `needs ${need}`, hint } };
}

/** What is said of a row that came after the app had gone. */
export const GONE: RowResult = {
  status: "skipped",
  error: {
    code: "APP_GONE",
    message: "the app had stopped answering before this call",
    hint: "When it answers again, cometform apply --resume goes on with it.",
  },
};

/** What is said of a row that somebody else has changed since the plan was made. */
export const CHANGED: RowResult = {
  status: "failed",
  error: {
    code: "CHANGED_MEANWHILE",
    message: "somebody else changed it since the plan was made, so it was left as it is",
    hint: "Run plan: it shows what is there now, and what apply would make of it.",
  },
};
