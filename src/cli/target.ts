import type { Context } from "./command.ts";
import { exitCodes, type Failure, fail } from "./exit.ts";
import { type Environment, variable } from "./terminal.ts";

/** What a manifest or a saved plan says about the app it is for. */
export interface DeclaredTarget {
  /** What says so, for messages: `the manifest`. */
  readonly by: string;
  readonly appId?: string;
  readonly region?: string;
  readonly dialect?: string;
}

/** Which app a run is about. */
export interface Target {
  readonly appId: string;
  readonly region: string;
  readonly dialect: string;
}

const regions = /^(?:us|eu|in)$/;
const appIds = /^[A-Za-z0-9_-]+$/;
/** How to go on without an account. */
export const tryEmulator =
  "Without an account: --emulator runs everything against an emulator of the API.";

/**
 * Settles which app is meant: flags win over the environment, and both must agree with what is
 * declared.
 *
 * @throws Failure when they do not, or when nobody names it.
 */
export function resolveTarget({ flags, terminal }: Context, declared: DeclaredTarget): Target {
  const isEmulated = flags.emulator === true;
  const appId = settle({
    what: "app",
    name: "COMETCHAT_APP_ID",
    flag: flags.appId,
    flagName: "--app-id",
    environment: terminal.environment,
    pattern: appIds,
    form: "letters, digits, _ and -",
    declared: declared.appId,
    by: declared.by,
    fallback: isEmulated ? "emulator" : undefined,
  });
  const region = settle({
    what: "region",
    name: "COMETCHAT_REGION",
    flag: flags.region,
    flagName: "--region",
    environment: terminal.environment,
    pattern: regions,
    form: "us, eu or in",
    declared: declared.region,
    by: declared.by,
    fallback: isEmulated ? "us" : undefined,
  });
  return { appId, region, dialect: flags.dialect ?? declared.dialect ?? "auto" };
}

interface Choice {
  readonly what: "app" | "region";
  readonly name: string;
  readonly flag: string | undefined;
  readonly flagName: string;
  readonly environment: Environment;
  readonly pattern: RegExp;
  readonly form: string;
  readonly declared: string | undefined;
  readonly by: string;
  readonly fallback: string | undefined;
}

function settle(choice: Choice): string {
  const { flag, declared } = choice;
  const chosen = flag ?? fromEnvironment(choice);
  if (chosen !== undefined && declared !== undefined && chosen !== declared) {
    throw disagreement(choice, chosen, declared);
  }
  const settled = chosen ?? declared ?? choice.fallback;
  if (settled === undefined) {
    throw unnamed(choice);
  }
  return settled;
}

function fromEnvironment({ environment, name, pattern, form }: Choice): string | undefined {
  const value = variable(environment, name);
  if (value !== undefined && !pattern.test(value)) {
    throw fail(exitCodes.unreachable, {
      code: "app/configuration",
      summary: `${name} is not valid: ${JSON.stringify(value)}`,
      hint: `It must be ${form}.`,
    });
  }
  return value;
}

function disagreement(choice: Choice, chosen: string, declared: string): Failure {
  const { what, name, flag, flagName, by } = choice;
  return fail(exitCodes.stale, {
    code: `app/other-${what}`,
    summary: `${by} is for ${what} ${declared}, but ${flag === undefined ? name : flagName} says ${chosen}`,
    hint: "Make them agree; nothing was read or changed.",
  });
}

function unnamed({ what, name, flagName }: Choice): Failure {
  return fail(exitCodes.unreachable, {
    code: "app/configuration",
    summary: `No ${what} is named: ${name} is not set`,
    detail: `It can also be given as ${flagName}, or stand in the manifest under provider.`,
    hint: tryEmulator,
  });
}
