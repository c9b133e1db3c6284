import type { CommandSpec } from "./command.ts";
import {
  appFlags,
  detailedFlag,
  jsonFlag,
  manifestFlags,
  oneOf,
  outFlag,
  screenFlags,
} from "./flags.ts";
import { maxDurationFlag, paceFlags } from "./pace-flags.ts";
import { policyFlag } from "./policies.ts";
import { requestFlags, scopeFlags } from "./request-flags.ts";
import { reviewFlags } from "./review-flags.ts";

/** What commands that read manifests are given. */
export const manifestOperands = {
  syntax: "[FILE...]",
  description:
    "manifests; a folder means all its *.yaml and *.yml, - is standard input (default: cometform.yaml, then cometform.yml)",
};

/** Shows what apply would do. */
export const plan: CommandSpec = {
  name: "plan",
  summary: "show what apply would do",
  description:
    "Reads the app and shows what apply would change, by which calls. Sends nothing but reads.",
  operands: manifestOperands,
  flags: [
    jsonFlag,
    outFlag("save the plan, to apply exactly this"),
    ...reviewFlags,
    detailedFlag,
    maxDurationFlag,
    policyFlag,
    ...requestFlags,
    ...manifestFlags,
    ...appFlags,
    ...paceFlags,
    ...screenFlags,
  ],
  examples: [
    ["cometform plan", "what would change"],
    ["cometform plan --out plan.json", "save it; cometform apply plan.json makes it so"],
    [
      "cometform plan --detailed-exitcode --quiet",
      "in a pipeline: 2 means that the app has drifted",
    ],
    ["cometform plan --markdown plan.md --html plan.html", "for a pull request, and for a browser"],
    ["cometform plan --only group/lobby", "of all that, what concerns one group"],
    ["cometform plan --allow delete:user=120", "where 120 users are meant to go"],
    ["cometform plan --quota core=500,standard=500", "on the free plan of the service"],
    ["cometform plan --max-duration 10m", "refuse what takes longer than a pipeline may run"],
    ["cometform plan --policy examples/policies/keep-users.yaml", "by the rules of the house"],
    ["cometform plan --emulator FILE", "try it without an account"],
  ],
  exits: [0, 1, 2, 3, 4, 6, 7, 64, 130],
  load: () => import("./commands/plan.ts"),
};

/** Tells what has changed in the app. */
export const drift: CommandSpec = {
  name: "drift",
  summary: "tell what has changed in the app since the last apply",
  description:
    "Reads the app and tells what differs from the manifest, and why: because somebody has changed " +
    "the app since the last apply (drift), or because the manifest has changed (pending). For " +
    "schedules: the exit code is 2 for drift, and for what cannot be told. Sends nothing but reads.",
  operands: manifestOperands,
  flags: [
    jsonFlag,
    {
      flags: "--receipt <FILE>",
      description:
        "the receipt of the last apply, or its journal (default: the journals in .cometform here)",
    },
    ...scopeFlags,
    ...manifestFlags,
    ...appFlags,
    ...paceFlags,
    ...screenFlags,
  ],
  examples: [
    ["cometform drift", "what somebody else has changed"],
    [
      "cometform drift --quiet --receipt receipt.json",
      "on a schedule: silent unless there is drift",
    ],
    ["cometform drift --json", "for a program: each change with its cause"],
  ],
  exits: [0, 1, 2, 3, 4, 6, 7, 64, 130],
  load: () => import("./commands/drift.ts"),
};

/** Renders files that were saved. */
export const show: CommandSpec = {
  name: "show",
  summary: "show a saved plan, report, receipt or journal",
  description:
    "Shows a saved plan, report, receipt or journal, however old it is. Reaches no app. " +
    "With --json a journal becomes a receipt.",
  operands: {
    syntax: "<FILE>",
    description:
      "a file of plan --out, plan --json, apply --json or apply --receipt, or one of .cometform/journal/",
  },
  flags: [jsonFlag, ...reviewFlags, ...screenFlags],
  examples: [
    ["cometform show plan.json", "what a saved plan would do"],
    ["cometform show plan.json --html plan.html", "the same for a browser"],
    ["cometform show --verbose plan.json", "with its calls"],
    ["cometform show --verbose receipt.json", "what was done, call by call"],
  ],
  exits: [0, 1, 3, 64, 130],
  load: () => import("./commands/show.ts"),
};

/** Draws plans. */
export const graph: CommandSpec = {
  name: "graph",
  summary: "draw which calls of a plan wait for which",
  description:
    "Plans, or takes a saved plan, and draws its calls and what each of them waits for. Where there are " +
    "more than can be looked over, what is alike is drawn as one; dot has them all. Sends nothing but reads.",
  operands: {
    syntax: "[FILE... | PLAN.json]",
    description: `${manifestOperands.description}, or one saved plan`,
  },
  flags: [
    {
      flags: "--format <FORMAT>",
      description:
        "mermaid, for Markdown; dot, for Graphviz; or svg, a picture; if left out, by the ending of --out, or mermaid",
      parse: oneOf("mermaid", "dot", "svg"),
    },
    outFlag("write it to a file"),
    ...requestFlags,
    ...manifestFlags,
    ...appFlags,
    ...paceFlags,
    ...screenFlags,
  ],
  examples: [
    ["cometform graph plan.json", "of a saved plan, for a pull request"],
    ["cometform graph --out plan.svg", "of what would change now, as a picture"],
    ["cometform graph --format dot plan.json | dot -Tpdf -o plan.pdf", "on paper"],
  ],
  exits: [0, 1, 3, 6, 7, 64, 130],
  load: () => import("./commands/graph.ts"),
};
