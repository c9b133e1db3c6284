import type { CommandSpec } from "./command.ts";
import { emulatorFlags } from "./emulator-flags.ts";
import { executionFlags, yesFlag } from "./execution-flags.ts";
import {
  appFlags,
  detailedFlag,
  jsonFlag,
  manifestFlags,
  oneOf,
  outFlag,
  screenFlags,
} from "./flags.ts";
import { completion, explain, fmt, init, schema } from "./manifest-commands.ts";
import { maxDurationFlag, paceFlags } from "./pace-flags.ts";
import { policyFlag } from "./policies.ts";
import { expectDigestFlag, requestFlags, scopeFlags } from "./request-flags.ts";
import { executedReviewFlags, reviewFlags } from "./review-flags.ts";

const manifestOperands = {
  syntax: "[FILE...]",
  description:
    "manifests; a folder means all its *.yaml and *.yml, - is standard input (default: cometform.yaml, then cometform.yml)",
};

const validate: CommandSpec = {
  name: "validate",
  summary: "check manifests, without a network",
  description: "Checks the form of manifests and the references in them. Reaches no app.",
  operands: manifestOperands,
  flags: [jsonFlag, policyFlag, ...manifestFlags, ...screenFlags],
  examples: [
    ["cometform validate", "check cometform.yaml"],
    ["cometform validate --json deploy/", "check all manifests in a folder, for a program"],
  ],
  exits: [0, 1, 3, 4, 64, 130],
  load: () => import("./commands/validate.ts"),
};

const plan: CommandSpec = {
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

const drift: CommandSpec = {
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

const apply: CommandSpec = {
  name: "apply",
  summary: "make the app as the manifest says",
  description:
    "Plans, or takes a saved plan, shows it, asks, executes it and reads the app again to verify. " +
    "A saved plan is applied exactly as it was shown, or not at all: it is stale as soon as one " +
    "of the objects it touches has changed, and flags cannot change it. Where it sends write-only " +
    "values, the manifest it was made from is read again for them (-f names it, if it has moved).",
  operands: {
    syntax: "[FILE... | PLAN.json]",
    description: `${manifestOperands.description}, or one saved plan`,
  },
  flags: [
    jsonFlag,
    yesFlag,
    ...executionFlags,
    expectDigestFlag,
    ...executedReviewFlags,
    maxDurationFlag,
    policyFlag,
    ...requestFlags,
    ...manifestFlags,
    ...appFlags,
    ...paceFlags,
    ...screenFlags,
  ],
  examples: [
    ["cometform apply", "plan, ask, execute, verify"],
    ["cometform apply --yes plan.json", "execute a saved plan without asking"],
    ["cometform apply --yes --expect-digest HEX", "only the plan that was seen"],
    ["cometform apply --resume", "finish a run that was cut short"],
    ["cometform apply --events /dev/fd/3 3>log.ndjson", "what happens, for a program"],
    ["cometform apply --only users --except 'user/test-*'", "a part of it"],
    ["cometform apply --allow remove:group/lobby=12", "where 12 are meant to leave a group"],
    ["cometform apply --emulator FILE", "try it without an account"],
  ],
  exits: [0, 1, 3, 4, 5, 6, 7, 64, 130],
  load: () => import("./commands/apply.ts"),
};

const destroy: CommandSpec = {
  name: "destroy",
  summary: "delete what the stack owns, declared or not",
  description:
    "Plans the deletion of all that the manifest's stack owns, whether these files declare it or " +
    "not, and of what they declare and cannot carry a mark; asks for the app's id to be typed, and " +
    "executes. What another stack has marked, what is protected and what is to be forgotten is kept.",
  operands: manifestOperands,
  flags: [
    jsonFlag,
    yesFlag,
    ...executionFlags,
    ...executedReviewFlags,
    maxDurationFlag,
    policyFlag,
    ...scopeFlags,
    ...manifestFlags,
    ...appFlags,
    ...paceFlags,
    ...screenFlags,
  ],
  examples: [
    ["cometform destroy", "show what would go, then ask"],
    ["cometform destroy --emulator --yes", "empty the emulated app again"],
  ],
  exits: [0, 1, 3, 4, 5, 6, 7, 64, 130],
  load: () => import("./commands/destroy.ts"),
};

const exportSpec: CommandSpec = {
  name: "export",
  summary: "write a manifest of what the app has",
  description:
    "Reads the whole app and writes the manifest that describes it: planning with it changes " +
    "nothing. Passwords are not readable, so they are not in it.",
  flags: [outFlag("write the manifest to a file"), ...appFlags, ...paceFlags, ...screenFlags],
  examples: [
    ["cometform export --out cometform.yaml", "begin with an app that exists"],
    ["cometform export --emulator", "what the emulated app has"],
  ],
  exits: [0, 1, 6, 64, 130],
  load: () => import("./commands/export.ts"),
};

const show: CommandSpec = {
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

const graph: CommandSpec = {
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
      description: "mermaid, for Markdown; dot, for Graphviz; or svg, a picture",
      parse: oneOf("mermaid", "dot", "svg"),
      value: "mermaid",
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
    ["cometform graph --format svg --out plan.svg", "of what would change now, as a picture"],
    ["cometform graph --format dot plan.json | dot -Tpdf -o plan.pdf", "on paper"],
  ],
  exits: [0, 1, 3, 6, 7, 64, 130],
  load: () => import("./commands/graph.ts"),
};

const emulate: CommandSpec = {
  name: "emulate",
  summary: "run an emulator of the API",
  description:
    "Runs an emulator of the API until it is interrupted. GET /_emulator/state and " +
    "/_emulator/log show what it has and what it was asked; POST /_emulator/reset empties it, and " +
    "POST /_emulator/faults tells it what to get wrong from now on.",
  flags: [...emulatorFlags, ...screenFlags],
  examples: [
    ["cometform emulate", "on port 4100, kept in .cometform/emulator.json"],
    [
      "cometform emulate --port 0 --memory --sample",
      "on a free port, like a fresh app, for a test",
    ],
    ["cometform emulate --quota 60 --latency 200", "as slow as it gets"],
    [
      "cometform emulate --faults examples/faults.json",
      "with lost answers, lagging lists and more",
    ],
  ],
  exits: [0, 1, 64],
  load: () => import("./commands/emulate.ts"),
};

/** Every command, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  init,
  validate,
  plan,
  drift,
  apply,
  destroy,
  exportSpec,
  show,
  graph,
  fmt,
  explain,
  schema,
  emulate,
  completion,
];
