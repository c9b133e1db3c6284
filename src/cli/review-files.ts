import type { Estimate } from "../model/pace.ts";
import type { Plan } from "../model/plan.ts";
import { sealPlan } from "../planner/digest.ts";
import { markdownMark, reportMark } from "../render/marks.ts";
import { type Context, say } from "./command.ts";
import { exitCodes, fail } from "./exit.ts";
import { requirePlace, writePrivately } from "./files.ts";
import type { Flags } from "./flags.ts";
import { isReplaceable } from "./saved-file.ts";

/** What is known of a plan beyond itself. */
export interface Known {
  readonly estimate?: Estimate;
  /** The command that applies exactly this plan. */
  readonly next?: string;
}

/** One of the forms in which a plan is written down. */
interface Form {
  readonly flag: string;
  file(flags: Flags): string | undefined;
  /** Whether a text is one of ours, which a new one may replace. */
  isOurs(text: string): boolean;
  /** Loads what it takes, which few runs do. */
  render(plan: Plan, flags: Flags, known: Known): Promise<string>;
}

const forms: readonly Form[] = [
  {
    flag: "--json-file",
    file: ({ jsonFile }) => jsonFile,
    isOurs: isReplaceable,
    render: async (plan) => `${JSON.stringify(sealPlan(plan), null, 2)}\n`,
  },
  {
    flag: "--html",
    file: ({ html }) => html,
    isOurs: (text) => text.slice(0, 1_000).includes(reportMark),
    render: async (plan, _, known) => {
      const { renderHtml } = await import("../render/html.ts");
      return renderHtml(plan, known);
    },
  },
  {
    flag: "--markdown",
    file: ({ markdown }) => markdown,
    isOurs: (text) => text.startsWith(markdownMark),
    render: async (plan, flags, known) => {
      const { renderMarkdown } = await import("../render/markdown.ts");
      const whole = flags.html ?? flags.jsonFile;
      const elsewhere = whole === undefined ? {} : { elsewhere: whole };
      return renderMarkdown(plan, { ...known, ...elsewhere });
    },
  },
];

/**
 * Makes sure that the files can be written where they are asked for, before anything is done.
 *
 * @throws Failure when something else is there, or two of them have one name.
 */
export async function requireReviewPlaces(context: Context): Promise<void> {
  const { flags, command } = context;
  const isPrinted = flags.markdown === "-" && (command === "plan" || command === "show");
  if (isPrinted && flags.json === true) {
    throw fail(exitCodes.usage, {
      code: "cli/two-outputs",
      summary: "--json and --markdown - both want standard output",
      hint: "Name a file for one of them: --json-file FILE, or --markdown FILE.",
    });
  }
  const files = new Map<string, string>();
  for (const form of forms) {
    const file = form.file(flags);
    if (file === undefined || (isPrinted && form.flag === "--markdown")) {
      continue;
    }
    requireOwnName(files, file, form.flag);
    await requirePlace(context, { file, flag: form.flag }, form.isOurs);
  }
  requireOwnName(files, flags.out ?? "", "--out");
}

function requireOwnName(files: Map<string, string>, file: string, flag: string): void {
  const other = files.get(file);
  if (other !== undefined) {
    throw fail(exitCodes.usage, {
      code: "cli/two-outputs",
      summary: `${other} and ${flag} both want ${file}`,
      hint: "Name another file for one of them.",
    });
  }
  files.set(file, flag);
}

/**
 * Makes sure that nobody asks for the forms of a plan where there is none.
 *
 * @throws Failure when somebody does.
 */
export function requireNoReview({ flags }: Context, file: string): void {
  const form = forms.find((one) => one.file(flags) !== undefined);
  if (form !== undefined) {
    throw fail(exitCodes.usage, {
      code: "cli/no-plan",
      summary: `${form.flag} writes a plan, and ${file} is none`,
      hint: "Leave it out, or name a file that plan --out, plan --json or plan --json-file wrote.",
    });
  }
}

/**
 * Writes the plan in every form that is asked for, refused or not.
 *
 * @throws Failure when one cannot be written.
 */
export async function writeReviews(context: Context, plan: Plan, known: Known): Promise<void> {
  const { flags, terminal } = context;
  for (const form of forms) {
    const file = form.file(flags);
    if (file === undefined) {
      continue;
    }
    const text = await form.render(plan, flags, known);
    if (file === "-") {
      terminal.write(text);
    } else {
      await writePrivately(terminal.cwd, file, text);
      say(context, `Saved to ${file}.`);
    }
  }
}
