import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { toReceipt, toUnfinished } from "../../executor/receipt.ts";
import type { StampedRecord } from "../../model/journal.ts";
import { sourcesOf } from "../../model/plan.ts";
import { isSealed, seal } from "../../planner/digest.ts";
import { renderPlan } from "../../render/plan.ts";
import { renderJournal, renderReceipt } from "../../render/receipt.ts";
import { type ReportView, renderReport } from "../../render/report.ts";
import { type Context, say, writeJson } from "../command.ts";
import { type ExitCode, exitCodes, fail } from "../exit.ts";
import { nextCommand } from "../next-command.ts";
import { requireNoReview, requireReviewPlaces, writeReviews } from "../review-files.ts";
import { readSavedFile } from "../saved-file.ts";
import { readSources } from "../sources.ts";

/** Shows a saved plan, report, receipt or journal, however old it is. */
export async function run(context: Context): Promise<ExitCode> {
  const { flags, terminal, paint } = context;
  await requireReviewPlaces(context);
  await requireNoFolder(context);
  const [source] = await readSources(context, context.operands);
  const file = source?.file ?? "";
  const saved = readSavedFile(source?.text ?? "");
  if (saved.type !== "plan") {
    requireNoReview(context, file);
  }
  const view = {
    paint,
    width: terminal.width,
    verbose: flags.verbose === true,
    quiet: flags.quiet === true,
  };
  switch (saved.type) {
    case "plan":
      if (!isSealed(saved.plan)) {
        say(context, `${file} was edited since it was written: it can be shown, but not applied.`);
      }
      show(context, saved.plan, () => renderPlan(saved.plan, view));
      await writeReviews(context, saved.plan, {
        next: nextCommand({}, { operands: [file], isSaved: true }),
      });
      return exitCodes.done;
    case "report":
      show(context, saved.report, () => renderReport(saved.report, view));
      return exitCodes.done;
    case "receipt":
      if (saved.receipt.checksum !== undefined && !isSealed(saved.receipt)) {
        say(context, `${file} was edited since it was written.`);
      }
      show(context, saved.receipt, () => renderReceipt(saved.receipt, view));
      return exitCodes.done;
    case "journal":
      showJournal(context, saved.records, view);
      return exitCodes.done;
    default:
      throw fail(exitCodes.invalid, {
        code: "file/not-ours",
        summary: `${file} is no saved plan, report, receipt or journal`,
        ...(saved.type === "damaged" ? { detail: `As far as one can tell, ${saved.reason}.` } : {}),
        hint: "Name a file that plan --out, plan --json, apply --json or apply --receipt wrote, or one of .cometform/journal/.",
      });
  }
}

/** Where manifests are read a folder is all of them; here it would be the first one. */
async function requireNoFolder({ terminal, operands: [file = "-"] }: Context): Promise<void> {
  const found = await stat(resolve(terminal.cwd, file)).catch(() => undefined);
  if (file !== "-" && found?.isDirectory() === true) {
    throw fail(exitCodes.invalid, {
      code: "file/unreadable",
      summary: `${file} is a folder`,
      hint: "Name a file in it: show takes a saved plan, report, receipt or journal.",
    });
  }
}

function showJournal(context: Context, records: readonly StampedRecord[], view: ReportView): void {
  const receipt = toReceipt(records);
  const [begin] = records;
  const sources = begin?.type === "begin" ? sourcesOf(begin.plan) : new Map();
  show(context, seal(receipt), () =>
    renderJournal(receipt, toUnfinished(records), { ...view, sources }),
  );
}

function show(context: Context, value: unknown, render: () => string): void {
  if (context.flags.markdown === "-") {
    return;
  }
  if (context.flags.json === true) {
    writeJson(context, value);
  } else {
    context.terminal.write(render());
  }
}
