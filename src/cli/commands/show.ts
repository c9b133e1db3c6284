import { isSealed } from "../../planner/digest.ts";
import { renderPlan } from "../../render/plan.ts";
import { renderReport } from "../../render/report.ts";
import { type Context, say, writeJson } from "../command.ts";
import { type ExitCode, exitCodes, fail } from "../exit.ts";
import { readSavedFile } from "../saved-file.ts";
import { readSources } from "../sources.ts";

/** Shows a saved plan or report, however old it is. */
export async function run(context: Context): Promise<ExitCode> {
  const { flags, terminal, paint } = context;
  const [source] = await readSources(context, context.operands);
  const file = source?.file ?? "";
  const saved = readSavedFile(source?.text ?? "");
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
      return exitCodes.done;
    case "report":
      show(context, saved.report, () => renderReport(saved.report, view));
      return exitCodes.done;
    default:
      throw fail(exitCodes.invalid, {
        code: "file/not-ours",
        summary: `${file} is no saved plan or report`,
        ...(saved.type === "damaged" ? { detail: `As far as one can tell, ${saved.reason}.` } : {}),
        hint: "Name a file that plan --out, plan --json or apply --json wrote.",
      });
  }
}

function show(context: Context, value: unknown, render: () => string): void {
  if (context.flags.json === true) {
    writeJson(context, value);
  } else {
    context.terminal.write(render());
  }
}
