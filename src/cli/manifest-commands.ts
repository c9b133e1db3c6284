import type { CommandSpec } from "./command.ts";
import { appFlags, screenFlags } from "./flags.ts";
import { paceFlags } from "./pace-flags.ts";

/** Writes manifests in canonical form. */
export const fmt: CommandSpec = {
  name: "fmt",
  summary: "write manifests in canonical form",
  description:
    "Rewrites manifests in canonical order and layout. What they mean and every comment in them " +
    "stays, and so does the order of entries: people group them. Lists the files it rewrote.",
  operands: {
    syntax: "[FILE...]",
    description:
      "manifests; a folder means all its *.yaml and *.yml, - is from standard input to standard output (default: cometform.yaml, then cometform.yml)",
  },
  flags: [
    {
      flags: "--check",
      description:
        "write nothing; list the files that would change, and exit with 2 if there are any",
    },
    { flags: "--diff", description: "show what changes, secrets hidden" },
    ...screenFlags,
  ],
  examples: [
    ["cometform fmt", "tidy cometform.yaml"],
    ["cometform fmt --check --diff deploy/", "in a pipeline: 2 means that something is untidy"],
    ["cometform fmt - < a.yaml > b.yaml", "for an editor"],
  ],
  exits: [0, 1, 2, 3, 64, 130],
  load: () => import("./commands/fmt.ts"),
};

/** Begins a manifest. */
export const init: CommandSpec = {
  name: "init",
  summary: "begin a manifest, of your own or of what an app has",
  description:
    "Writes a small manifest with comments that explain it, or with --from-app the manifest of what the app has, " +
    "with which a plan is empty. Never replaces a file. The other flags are for --from-app.",
  operands: {
    syntax: "[FILE]",
    description: "where to; - is standard output (default: cometform.yaml)",
  },
  flags: [
    {
      flags: "--from-app",
      description: "describe what the app has, as export does",
    },
    {
      flags: "--stack <NAME>",
      description:
        "what the manifest's stack is called; with --from-app, the next apply then marks what there is",
    },
    ...appFlags,
    ...paceFlags,
    ...screenFlags,
  ],
  examples: [
    ["cometform init", "a manifest to try and to change"],
    ["cometform init --stack acme deploy/acme.yaml", "elsewhere, for a stack of that name"],
    ["cometform init --from-app", "begin with an app that exists"],
  ],
  exits: [0, 1, 6, 64, 130],
  load: () => import("./commands/init.ts"),
};
