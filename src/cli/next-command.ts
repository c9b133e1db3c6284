import type { Flags } from "./flags.ts";
import { paceWords } from "./pace-flags.ts";
import { policyWords } from "./policies.ts";
import { requestWords } from "./request-flags.ts";

/** What a command line applies: a saved plan, or manifests of which a plan is made anew. */
export interface Applied {
  readonly operands: readonly string[];
  readonly isSaved: boolean;
  /** The digest without which a new plan is not the one that was seen. */
  readonly digest?: string;
}

/** The command that applies what was planned: to the same app, from the same values. */
export function nextCommand(flags: Flags, { operands, isSaved, digest }: Applied): string {
  const flag = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`--${name}`, value];
  const target = [
    ...(flags.emulator === true ? ["--emulator"] : []),
    ...flag("emulator-data", flags.emulatorData),
    ...flag("faults", flags.faults),
    ...flag("app-id", flags.appId),
    ...flag("region", flags.region),
    ...flag("base-url", flags.baseUrl),
    ...flag("dialect", isSaved ? undefined : flags.dialect),
    ...paceWords(flags),
    ...policyWords(flags),
  ];
  // A saved plan holds what was asked for; a fresh one has to be asked again. A variable's value may
  // be a secret, so only its name is told.
  const again = isSaved
    ? []
    : [
        ...flag("env", flags.env),
        ...(flags.varFile ?? []).flatMap((file) => flag("var-file", file)),
        ...(flags.var ?? []).flatMap((text) => flag("var", `${text.split("=", 1)[0]}=…`)),
        ...requestWords(flags).flat(),
        ...flag("expect-digest", digest),
      ];
  return ["cometform", "apply", ...target, ...again, ...operands].map(quote).join(" ");
}

/** A word as a shell takes it: a pattern must not become a list of files. */
function quote(word: string): string {
  return /^(?!#)[\w@%+=:,./#…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
