import { toReceipt } from "../executor/receipt.ts";
import type { Declared, DeclaredResources } from "../model/declared.ts";
import type { LastRun } from "../model/drift.ts";
import type { Receipt } from "../model/receipt.ts";
import { isSealed } from "../planner/digest.ts";
import type { Context } from "./command.ts";
import { exitCodes, fail } from "./exit.ts";
import { readText } from "./files.ts";
import { findJournals } from "./journal-file.ts";
import { readSavedFile } from "./saved-file.ts";

/** Whose last run is meant. */
export interface Subject {
  readonly appId: string;
  readonly stack: string | null;
}

/** The last run, with what the manifest asked for when it was over. */
export interface FoundRun {
  readonly since: LastRun;
  readonly receipt: Receipt;
  readonly declared: Declared | undefined;
}

/**
 * The last run of an app's stack: by the receipt that is named, or by the journals here.
 *
 * @throws Failure when what is named is no receipt, or another app's or stack's.
 */
export async function findLastRun(
  context: Context,
  subject: Subject,
): Promise<FoundRun | undefined> {
  const { receipt: file } = context.flags;
  if (file !== undefined) {
    const receipt = await readReceipt(context, file, subject);
    return { since: toSince(file, receipt), receipt, declared: receipt.declared };
  }
  const later: Receipt[] = [];
  let newest: Omit<FoundRun, "declared"> | undefined;
  for await (const { file, records } of findJournals(context)) {
    const [begin] = records;
    if (begin?.type !== "begin" || !isOf(begin.plan, subject)) continue;
    const receipt = toReceipt(records);
    newest ??= { since: toSince(file, receipt), receipt };
    if (receipt.declared?.whole !== false) {
      return { ...newest, declared: overlay(receipt.declared, later) };
    }
    later.unshift(receipt);
  }
  return newest && { ...newest, declared: newest.receipt.declared };
}

function isOf({ provider, stack }: Pick<Receipt, "provider" | "stack">, subject: Subject): boolean {
  return provider.appId === subject.appId && stack === subject.stack;
}

function toSince(file: string, { run, command, endedAt, manifestDigest }: Receipt): LastRun {
  return { file, run, command, endedAt, manifestDigest };
}

async function readReceipt(context: Context, file: string, subject: Subject): Promise<Receipt> {
  const saved = readSavedFile(await readText(context.terminal.cwd, file, exitCodes.usage));
  if (saved.type !== "receipt" && saved.type !== "journal") {
    throw fail(exitCodes.usage, {
      code: "drift/no-receipt",
      summary: `${file} is no receipt and no journal`,
      hint: "Name a file that apply --receipt wrote, or one of .cometform/journal/.",
    });
  }
  const receipt = saved.type === "receipt" ? saved.receipt : toReceipt(saved.records);
  if (saved.type === "receipt" && receipt.checksum !== undefined && !isSealed(receipt)) {
    throw fail(exitCodes.stale, {
      code: "drift/edited-receipt",
      summary: `${file} was edited since it was written: it does not tell what was applied`,
      hint: "Name the receipt as it was written, or leave --receipt out.",
    });
  }
  if (!isOf(receipt, subject)) {
    const whose = ({ appId, stack }: Subject): string =>
      `app ${appId}, ${stack === null ? "no stack" : `stack ${stack}`}`;
    const { provider, stack } = receipt;
    throw fail(exitCodes.stale, {
      code: "drift/other-receipt",
      summary: `${file} is of ${whose({ appId: provider.appId, stack })}, and the manifest is of ${whose(subject)}`,
      hint: "Name the receipt of this manifest's last apply.",
    });
  }
  return receipt;
}

/** What was asked for by a run of all, changed by later runs of parts. */
function overlay(base: Declared | undefined, later: readonly Receipt[]): Declared | undefined {
  if (base?.resources == null || later.length === 0) return base;
  const resources: { [address: string]: DeclaredResources[string] } = { ...base.resources };
  for (const { declared, outcomes } of later) {
    for (const { address, status } of outcomes) {
      const asked = declared?.resources?.[address];
      if (status !== "applied") continue;
      if (asked === undefined) delete resources[address];
      else resources[address] = asked;
    }
  }
  return { ...base, resources };
}
