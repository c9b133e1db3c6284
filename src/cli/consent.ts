import type { Plan } from "../model/plan.ts";
import { keyIn } from "../model/resource.ts";
import { renderCalls } from "../render/call.ts";
import { childCount, childLabel, type Entry, irreversible } from "../render/entry.ts";
import { escapeText } from "../render/escape.ts";
import { countOf, formatCount } from "../render/layout.ts";
import type { Context } from "./command.ts";
import { exitCodes, fail } from "./exit.ts";

/** What the person said: go on, do not, or nothing (input ended). */
export type Consent = "given" | "refused" | "interrupted";

/** More than this many are confirmed by their number instead of one by one. */
const namedMax = 3;

/**
 * Makes sure that somebody can be asked, or that `--yes` makes it unnecessary.
 *
 * @throws Failure when neither is so, before anything is read.
 */
export function requireConsent({ flags, terminal, command }: Context): void {
  if (flags.yes !== true && terminal.ask === undefined) {
    throw fail(exitCodes.usage, {
      code: "cli/consent",
      summary: `${command} asks before it changes anything, and there is no terminal to ask at`,
      hint:
        command === "apply"
          ? "Use --yes, best with a saved plan: cometform plan --out plan.json, then cometform apply --yes plan.json."
          : "Use --yes, once somebody has seen at a terminal what it would delete.",
    });
  }
}

/** Asks whether to execute the plan; what cannot be undone is asked for by name. */
export async function askConsent(context: Context, plan: Plan): Promise<Consent> {
  const { ask } = context.terminal;
  if (context.flags.yes === true) {
    return "given";
  }
  if (ask === undefined) {
    return "refused";
  }
  context.terminal.note("\n");
  return plan.mode === "destroy" ? askForApp(ask, plan) : askForChanges(ask, context, plan);
}

type Ask = (question: string) => Promise<string | undefined>;

async function askForApp(ask: Ask, { provider, changes }: Plan): Promise<Consent> {
  const app = escapeText(provider.appId);
  const deletes = changes.filter(({ action }) => action === "delete");
  const others = deletes.filter(({ reason }) => reason?.startsWith("not declared") === true).length;
  const split = others === 0 ? "" : `, ${formatCount(others)} of them not declared here,`;
  const question = `This deletes ${countOf(deletes.length, "object")}${split} of app ${app} (${escapeText(provider.region)}). Type ${app} to go on ›  `;
  return toConsent(await ask(question), provider.appId);
}

async function askForChanges(ask: Ask, context: Context, plan: Plan): Promise<Consent> {
  const { appId, region } = plan.provider;
  const these =
    plan.changes.length === 1 ? "this change" : `these ${countOf(plan.changes.length, "change")}`;
  const question = `Apply ${these} to app ${escapeText(appId)} (${escapeText(region)})?  yes / no / show calls ›  `;
  for (;;) {
    const answer = (await ask(question))?.toLowerCase();
    if (answer === undefined) {
      return "interrupted";
    }
    if (answer === "no" || answer === "n") {
      return "refused";
    }
    if (answer === "yes") {
      return askForIrreversible(ask, irreversible(plan));
    }
    context.terminal.note(
      /^(?:show|calls|show calls)$/.test(answer)
        ? renderCalls(plan, { width: context.terminal.width })
        : "Please answer with the whole word: yes, no or show calls.\n",
    );
  }
}

async function askForIrreversible(ask: Ask, entries: readonly Entry[]): Promise<Consent> {
  const count = entries.length;
  if (count > namedMax) {
    const question = `${count} of them cannot be undone. Type ${count} to go on ›  `;
    return toConsent(await ask(question), String(count));
  }
  for (const [index, entry] of entries.entries()) {
    const key = keyIn(entry.address);
    const lead = index === 0 ? `${count} of them cannot be undone: ` : "And ";
    const question = `${lead}${describe(entry)}. Type ${escapeText(key)} to go on ›  `;
    const consent = toConsent(await ask(question), key);
    if (consent !== "given") {
      return consent;
    }
  }
  return "given";
}

function describe(entry: Entry): string {
  const children = childCount(entry);
  const label = childLabel(entry.change?.kind ?? "").replace(/s$/, "");
  const address = escapeText(entry.address);
  return children > 0 ? `${address} and its ${countOf(children, label)}` : address;
}

function toConsent(answer: string | undefined, wanted: string): Consent {
  if (answer === undefined) {
    return "interrupted";
  }
  return answer === wanted ? "given" : "refused";
}
