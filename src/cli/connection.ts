import { resolve } from "node:path";
import type {
  ConnectOptions,
  ProviderModule,
  RunningEmulator,
  Session,
} from "../providers/provider.ts";
import { baseUrlProblem } from "./base-url.ts";
import type { Context } from "./command.ts";
import { startEmulator } from "./emulator.ts";
import { exitCodes, fail } from "./exit.ts";
import { concurrencyDefault } from "./flags.ts";
import { withLock } from "./lock.ts";
import { emulatorFile, placeOf } from "./place.ts";
import { readProxies } from "./proxies.ts";
import { type DeclaredTarget, resolveTarget, type Target, tryEmulator } from "./target.ts";
import { type Environment, variable } from "./terminal.ts";

/** What a session is opened for. */
export interface SessionRequest {
  readonly provider: ProviderModule;
  readonly declared: DeclaredTarget;
  readonly managed: ReadonlySet<string>;
  /** Whether the app is going to be changed: then nobody else on this machine does at the same time. */
  readonly isChanging?: boolean;
}

/**
 * Connects to the app, or to an emulator that runs for as long as `use` does.
 *
 * @throws Failure when the connection is not completely described.
 */
export async function withSession<T>(
  context: Context,
  request: SessionRequest,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const target = resolveTarget(context, request.declared);
  const connect = () => connectAndUse(context, { ...request, target }, use);
  if (request.isChanging !== true) {
    return await connect();
  }
  const place = await placeOf(context, request.provider, target);
  return await withLock(context, { appId: target.appId, place }, connect);
}

async function connectAndUse<T>(
  context: Context,
  { provider, managed, target }: SessionRequest & { readonly target: Target },
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { flags, terminal } = context;
  const emulator =
    flags.emulator === true ? await embedEmulator(context, provider, target) : undefined;
  let session: Session | undefined;
  try {
    session = await provider.connect({
      ...target,
      ...(emulator === undefined ? realAccess(context) : emulatedAccess(emulator)),
      ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout }),
      proxyFor: readProxies(terminal.environment),
      concurrency: flags.concurrency ?? concurrencyDefault,
      ...(flags.quotaShare === undefined ? {} : { quotaShare: flags.quotaShare / 100 }),
      ...(flags.quotas === undefined ? {} : { quotas: flags.quotas }),
      managed,
      signal: terminal.signal,
    });
    return await use(session);
  } finally {
    session?.close();
    await emulator?.close();
  }
}

type Access = Pick<
  ConnectOptions,
  "apiKey" | "baseUrl" | "managementUrl" | "managementKey" | "managementSecret"
>;

function realAccess({ flags, terminal }: Context): Access {
  const { environment } = terminal;
  const baseUrl = flags.baseUrl ?? urlVariable(environment, "COMETCHAT_BASE_URL");
  const managementUrl = urlVariable(environment, "COMETCHAT_MANAGEMENT_URL");
  const managementKey = keyVariable(environment, "COMETCHAT_MANAGEMENT_KEY");
  const managementSecret = keyVariable(environment, "COMETCHAT_MANAGEMENT_SECRET");
  const apiKey = keyVariable(environment, "COMETCHAT_API_KEY");
  if (apiKey === undefined) {
    throw fail(exitCodes.unreachable, {
      code: "api/credentials",
      summary: "There is no key: COMETCHAT_API_KEY is not set",
      detail: "It is on the dashboard: your app → API & Auth Keys → REST API Key (fullAccess).",
      hint: tryEmulator,
    });
  }
  return {
    apiKey,
    ...(baseUrl === undefined ? {} : { baseUrl: withoutSlash(baseUrl) }),
    ...(managementUrl === undefined ? {} : { managementUrl: withoutSlash(managementUrl) }),
    ...(managementKey === undefined ? {} : { managementKey }),
    ...(managementSecret === undefined ? {} : { managementSecret }),
  };
}

function emulatedAccess(emulator: RunningEmulator): Access {
  const { chatUrl, managementUrl, apiKey, managementKey, managementSecret } = emulator;
  return { baseUrl: chatUrl, managementUrl, apiKey, managementKey, managementSecret };
}

async function embedEmulator(
  context: Context,
  provider: ProviderModule,
  target: Target,
): Promise<RunningEmulator> {
  const { faults } = context.flags;
  const dataFile = await emulatorFile(context);
  return await startEmulator(provider, {
    dialect: target.dialect === "collection" ? "collection" : "vendor",
    host: "127.0.0.1",
    port: 0,
    dataFile,
    ...(faults === undefined ? {} : { faultsFile: resolve(context.terminal.cwd, faults) }),
  });
}

function urlVariable(environment: Environment, name: string): string | undefined {
  const text = variable(environment, name);
  const problem = text === undefined ? undefined : baseUrlProblem(text);
  if (problem !== undefined) {
    throw fail(exitCodes.unreachable, {
      code: "app/configuration",
      summary: `${name} is no base URL`,
      detail: `${problem}.`,
      hint: `Correct it, or unset it to use the app's own host.`,
    });
  }
  return text;
}

/** A key with a blank or a line break in it would fail as a header, and be shown doing so. */
function keyVariable(environment: Environment, name: string): string | undefined {
  const key = variable(environment, name);
  if (key !== undefined && !/^[\u0021-\u007e]+$/.test(key)) {
    throw fail(exitCodes.unreachable, {
      code: "api/credentials",
      summary: `${name} has characters that no key has`,
      hint: "Copy it again: without quotes, blanks and line breaks.",
    });
  }
  return key;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
