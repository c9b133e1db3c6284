import type { FlagSpec } from "./flags.ts";

const comment = "write the plan as a comment for a pull request";
const others: readonly FlagSpec[] = [
  { flags: "--html <FILE>", description: "write the plan as a page for a browser" },
  { flags: "--json-file <FILE>", description: "write the plan as JSON, also if it is refused" },
];

/** Flags that write a plan for others to look at, of the commands that do nothing but show one. */
export const reviewFlags: readonly FlagSpec[] = [
  { flags: "--markdown <FILE>", description: `${comment}; - prints that and nothing else` },
  ...others,
];

/** The same of the commands that go on to apply it. A resumed run was looked at before. */
export const executedReviewFlags: readonly FlagSpec[] = [
  { flags: "--markdown <FILE>", description: comment },
  ...others,
].map((flag) => ({ ...flag, conflicts: ["resume"] }));
