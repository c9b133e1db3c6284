import type { CommandSpec } from "./command.ts";
import { emulatorFlags } from "./emulator-flags.ts";
import { executionFlags, yesFlag } from "./execution-flags.ts";
import { appFlags, jsonFlag, manifestFlags, outFlag, screenFlags } from "./flags.ts";
import { completion, explain, fmt, init, schema } from "./manifest-commands.ts";
import { maxDurationFlag, paceFlags } from "./pace-flags.ts";
import { drift, graph, manifestOperands, plan, show } from "./plan-commands.ts";
import { policyFlag } from "./policies.ts";
import { expectDigestFlag, requestFlags, scopeFlags } from "./request-flags.ts";
import { executedReviewFlags } from "./review-flags.ts";

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
