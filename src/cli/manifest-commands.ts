import type { CommandSpec } from "./command.ts";
import { screenFlags } from "./flags.ts";

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
