import type { Context } from "../command.ts";
import { requireConsent } from "../consent.ts";
import type { ExitCode } from "../exit.ts";
import { planAndExecute } from "../plan-and-execute.ts";
import { resume } from "../resume.ts";
import { requirePlaces } from "../run.ts";
import { namedFiles, readSources } from "../sources.ts";

/** Deletes all that the stack owns, declared or not, and what is declared and carries no mark. */
export async function run(context: Context): Promise<ExitCode> {
  await requirePlaces(context);
  if (context.flags.resume === true) {
    return await resume(context, "destroy");
  }
  requireConsent(context);
  return await planAndExecute(context, await readSources(context, namedFiles(context)), "destroy");
}
