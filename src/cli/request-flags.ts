import { BULK_MODES } from "../model/request.ts";
import { READ_MODES } from "../model/resource.ts";
import { UsageError } from "./exit.ts";
import { collect, type FlagSpec, type Flags, oneOf } from "./flags.ts";

const writeSecret: FlagSpec = {
  flags: "--write-secret <NAME>",
  description: "send a write-only value again: ADDRESS#attribute; may be repeated",
  parse: collect,
};

const prune: FlagSpec = {
  flags: "--prune <SECTION=MODE>",
  description:
    "which undeclared ones go, instead of policy.prune: none, owned or all; may be repeated",
  parse: collect,
};

const allow: FlagSpec = {
  flags: "--allow <BUDGET=N>",
  description:
    "lift one budget up to N: delete:user=120, update:user=50, remove:group/GUID=12; may be repeated",
  parse: collect,
};

const takeOver: FlagSpec = {
  flags: "--take-over <ADDRESS>",
  description: "make ours what the manifest declares and another stack has marked; may be repeated",
  parse: collect,
};

const only: FlagSpec = {
  flags: "--only <SELECTOR>",
  description:
    "nothing but this and what it needs: user/alice, group/team-*, webhooks; may be repeated",
  parse: collect,
};

const except: FlagSpec = {
  flags: "--except <SELECTOR>",
  description: "neither this nor what needs it; may be repeated",
  parse: collect,
};

const bulk: FlagSpec = {
  flags: "--bulk <MODE>",
  description:
    "auto: creates go out 50 to a call where that saves calls or time; off: one call for each",
  parse: oneOf(...BULK_MODES),
};

const read: FlagSpec = {
  flags: "--read <WAY>",
  description:
    "auto: each kind with the fewest calls; list: whole listings; point: by name, where that is enough",
  parse: oneOf(...READ_MODES),
};

/** Flags that limit what a plan is about, or say how it is read. */
export const scopeFlags: readonly FlagSpec[] = [only, except, read];

/** Flags that ask something of one plan, beyond what the manifest says. */
export const requestFlags: readonly FlagSpec[] = [
  only,
  except,
  prune,
  allow,
  takeOver,
  writeSecret,
  bulk,
  read,
];

/** `--expect-digest`. */
export const expectDigestFlag: FlagSpec = {
  flags: "--expect-digest <HEX>",
  description: "apply only the plan with this digest, all 64 digits of it",
  parse: parseDigest,
};

/** What was asked of one plan, as it was written: `["--only", "user/alice"]`. */
export function requestWords(flags: Flags): readonly (readonly [flag: string, value: string])[] {
  const words = (flag: string, values: readonly string[] | undefined) =>
    (values ?? []).map((value) => [flag, value] as const);
  return [
    ...words("--only", flags.only),
    ...words("--except", flags.except),
    ...words("--prune", flags.prune),
    ...words("--allow", flags.allow),
    ...words("--take-over", flags.takeOver),
    ...words("--write-secret", flags.writeSecret),
    ...words("--bulk", flags.bulk === undefined ? [] : [flags.bulk]),
    ...words("--read", flags.read === undefined ? [] : [flags.read]),
  ];
}

function parseDigest(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new UsageError(
      "It must be a whole digest, 64 digits of 0-9 and a-f, as plan prints it; a part is not enough.",
    );
  }
  return text;
}
